import type { RevocationReason, SortField, TokenStatus } from '@tessera/core'
import {
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  option,
  record,
  subarray,
  tuple,
} from 'fast-check'
import type { Arbitrary } from 'fast-check'

/**
 * One step of a random sequence, as plain data so that a counterexample can be read. A number names a token by its
 * insert, modulo their count; `as` acts in another owner's name.
 */
export type Operation =
  | {
      readonly do: 'insert'
      readonly owner: string
      readonly initial: string
      readonly name: string
      readonly age: number
      readonly lifetime: number | null
      readonly ceiling: number | null
      readonly fixedExpiry: boolean
      readonly activeLimit: number | null
      readonly request: RandomRequest | null
    }
  | (OnToken & { readonly do: 'find' | 'completeRotation' })
  | (OnToken & { readonly do: 'suspend' | 'resume'; readonly ago: number; readonly request: RandomRequest | null })
  | (OnToken & { readonly do: 'revoke'; readonly reason: RevocationReason; readonly request: RandomRequest | null })
  | (OnToken & {
      readonly do: 'edit'
      readonly name: string | null
      readonly scopes: readonly string[] | null
      readonly narrowOnly: boolean
      readonly ceiling: readonly string[] | null
      readonly request: RandomRequest | null
    })
  | (OnToken & {
      readonly do: 'rotate'
      readonly overlapMs: number
      readonly reason: 'rotated' | 'leaked'
      readonly sealedSuccessor: string | null
      readonly ceiling: readonly string[] | null
      readonly activeLimit: number | null
      readonly request: RandomRequest | null
    })
  | {
      readonly do: 'revokeAll'
      readonly owner: string
      readonly except: number | null
      readonly age: number | null
      readonly unused: number | null
      readonly scope: string | null
      readonly request: RandomRequest | null
    }
  | { readonly do: 'findRequest'; readonly owner: string; readonly request: RandomRequest }
  | { readonly do: 'rekey'; readonly token: number; readonly as: string | null; readonly version: number }
  | { readonly do: 'findByDigest'; readonly token: number; readonly versions: readonly number[] }
  | {
      readonly do: 'recordUse'
      readonly uses: readonly (readonly [token: number, ago: number, extension: number | null])[]
    }
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

interface OnToken {
  readonly token: number
  readonly as: string | null
}

export interface RandomRequest {
  readonly key: string
  readonly fingerprint: string
  readonly lasts: number
  readonly limit: number | null
}

type RandomWindow =
  | 'all'
  | { readonly offset: number; readonly limit: number }
  | { readonly after: number | null; readonly limit: number }

export const OWNERS = ['acme', 'Acme', '__proto__'] as const

const owner = constantFrom(...OWNERS)
const token = nat(50)
const as = option(owner, { freq: 9 })
const limit = integer({ min: 1, max: 4 })

const SCOPES = ['jobs:read', 'jobs:write']
const scopes = constantFrom(SCOPES, ['jobs:read'], [])
const fingerprint = constantFrom('f', 'g')
const request = record({
  key: constantFrom('k', 'K'),
  fingerprint,
  lasts: integer({ min: 1, max: 30 }),
  limit: option(integer({ min: 1, max: 2 })),
})
const maybeRequest = option(request, { freq: 2 })

const insert = record({
  do: constant('insert'),
  owner,
  initial: constantFrom('z', 'a', 'M', '5'),
  name: constantFrom('CI', 'ci-deploy', 'Größe', '100%', 'a_b'),
  age: nat(3),
  lifetime: option(integer({ min: 1, max: 30 })),
  ceiling: option(integer({ min: 1, max: 40 }), { freq: 2 }),
  fixedExpiry: boolean(),
  activeLimit: option(limit),
  request: option(request),
})

const changes = oneof(
  record({ do: constantFrom('find', 'completeRotation'), token, as }),
  record({ do: constantFrom('suspend', 'resume'), token, as, ago: nat(5), request: maybeRequest }),
  record({
    do: constant('revoke'),
    token,
    as,
    reason: constantFrom<RevocationReason[]>('requested', 'leaked'),
    request: maybeRequest,
  }),
  record({
    do: constant('edit'),
    token,
    as,
    name: option(constantFrom('CI', 'renamed')),
    scopes: option(scopes),
    narrowOnly: boolean(),
    ceiling: option(scopes),
    request: maybeRequest,
  }),
  record({
    do: constant('rotate'),
    token,
    as,
    overlapMs: constantFrom(0, 1, 10, 50),
    reason: constantFrom('rotated', 'leaked'),
    sealedSuccessor: option(constant('sealed')),
    ceiling: option(scopes),
    activeLimit: option(limit),
    request: maybeRequest,
  }),
)

const revokeAll = record({
  do: constant('revokeAll'),
  owner,
  except: option(token),
  age: option(nat(5)),
  unused: option(nat(10)),
  scope: option(constantFrom('jobs:write', 'jobs')),
  request: maybeRequest,
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

const use = tuple(token, nat(20), option(integer({ min: 1, max: 40 })))

export const operation: Arbitrary<Operation> = oneof(
  { weight: 5, arbitrary: insert },
  { weight: 3, arbitrary: list },
  { weight: 6, arbitrary: changes },
  { weight: 1, arbitrary: revokeAll },
  { weight: 1, arbitrary: record({ do: constant('findRequest'), owner, request }) },
  { weight: 1, arbitrary: record({ do: constant('rekey'), token, as, version: nat(2) }) },
  { weight: 1, arbitrary: record({ do: constant('findByDigest'), token, versions: subarray([0, 1, 2]) }) },
  { weight: 2, arbitrary: record({ do: constant('recordUse'), uses: array(use, { maxLength: 5 }) }) },
  { weight: 1, arbitrary: record({ do: constant('prune'), ago: nat(20) }) },
  { weight: 2, arbitrary: record({ do: constant('wait'), ms: integer({ min: 1, max: 15 }) }) },
)
