import type { SortField, TokenStatus } from '@tessera/core'
import { array, constant, constantFrom, integer, nat, oneof, option, record, subarray, tuple } from 'fast-check'
import type { Arbitrary } from 'fast-check'

/**
 * One step of a random sequence, as plain data so that a counterexample can be read. A token is meant by the number of
 * the insert that was tried with it, taken round where there were fewer; `as` acts in another owner's name.
 */
export type Operation =
  | {
      readonly do: 'insert'
      readonly owner: string
      readonly initial: string
      readonly name: string
      readonly age: number
      readonly lifetime: number | null
      readonly activeLimit: number | null
      readonly request: { readonly key: string; readonly fingerprint: string; readonly lasts: number } | null
    }
  | { readonly do: 'revoke' | 'suspend' | 'resume' | 'find'; readonly token: number; readonly as: string | null }
  | { readonly do: 'rekey'; readonly token: number; readonly as: string | null; readonly version: number }
  | { readonly do: 'findByDigest'; readonly token: number; readonly versions: readonly number[] }
  | { readonly do: 'recordUse'; readonly uses: readonly (readonly [token: number, ago: number])[] }
  | { readonly do: 'prune'; readonly ago: number }
  | {
      readonly do: 'list'
      readonly owner: string
      readonly statuses: readonly TokenStatus[] | null
      readonly name: string | null
      readonly by: SortField
      readonly direction: 'asc' | 'desc'
      readonly window: RandomWindow
    }
  | { readonly do: 'wait'; readonly ms: number }

type RandomWindow =
  | 'all'
  | { readonly offset: number; readonly limit: number }
  | { readonly after: number | null; readonly limit: number }

export const OWNERS = ['acme', 'Acme', '__proto__'] as const

const owner = constantFrom(...OWNERS)
const token = nat(50)
const as = option(owner, { freq: 9 })
const limit = integer({ min: 1, max: 4 })

const insert = record({
  do: constant('insert'),
  owner,
  initial: constantFrom('z', 'a', 'M', '5'),
  name: constantFrom('CI', 'ci-deploy', 'Größe', '100%', 'a_b'),
  age: nat(3),
  lifetime: option(integer({ min: 1, max: 30 })),
  activeLimit: option(limit),
  request: option(
    record({ key: constantFrom('k', 'K'), fingerprint: constantFrom('f', 'g'), lasts: integer({ min: 1, max: 30 }) }),
  ),
})

const list = record({
  do: constant('list'),
  owner,
  statuses: option(subarray<TokenStatus>(['active', 'suspended', 'expired', 'revoked'])),
  name: option(constantFrom('ci', 'GRÖSSE', '%', '_', '')),
  by: constantFrom<SortField[]>('createdAt', 'id', 'lastUsedAt', 'status'),
  direction: constantFrom('asc', 'desc'),
  window: oneof(
    constant('all' as const),
    record({ offset: nat(5), limit }),
    record({ after: option(token, { freq: 3 }), limit }),
  ),
})

export const operation: Arbitrary<Operation> = oneof(
  { weight: 5, arbitrary: insert },
  { weight: 3, arbitrary: list },
  { weight: 3, arbitrary: record({ do: constantFrom('revoke', 'suspend', 'resume', 'find'), token, as }) },
  { weight: 1, arbitrary: record({ do: constant('rekey'), token, as, version: nat(2) }) },
  { weight: 1, arbitrary: record({ do: constant('findByDigest'), token, versions: subarray([0, 1, 2]) }) },
  { weight: 2, arbitrary: record({ do: constant('recordUse'), uses: array(tuple(token, nat(20)), { maxLength: 5 }) }) },
  { weight: 1, arbitrary: record({ do: constant('prune'), ago: nat(20) }) },
  { weight: 2, arbitrary: record({ do: constant('wait'), ms: integer({ min: 1, max: 15 }) }) },
)
