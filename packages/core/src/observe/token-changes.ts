import { asOf, storedStatusOf } from '../token/token.ts'
import type { TokenRecord, TokenStatus } from '../token/token.ts'

export interface FromTo<Value> {
  readonly from: Value
  readonly to: Value
}

/** What a change made different about a token; the rest is left out. */
export interface TokenChanges {
  readonly name?: FromTo<string>
  readonly scopes?: FromTo<readonly string[]>
  readonly networks?: FromTo<readonly string[] | null>
  readonly expiresAt?: FromTo<Date | null>
  /** Without regard to the expiry. */
  readonly status?: FromTo<Exclude<TokenStatus, 'expired'>>
}

/** The differences between two records at an instant. Lists differ if their text does. */
export function changesBetween(former: TokenRecord, later: TokenRecord, at: number): TokenChanges {
  const [from, to] = [former, later].map((record) => seenAt(record, at)) as [Seen, Seen]
  const differing = Object.entries(from).flatMap(([name, value]) => {
    const other: unknown = Reflect.get(to, name)
    return JSON.stringify(value) === JSON.stringify(other) ? [] : [[name, { from: value, to: other }] as const]
  })
  return Object.fromEntries(differing)
}

type Seen = Readonly<Record<keyof TokenChanges, unknown>>

function seenAt(record: TokenRecord, at: number): Seen {
  const { name, scopes, networks, expiresAt } = record
  return {
    name,
    scopes: [...scopes],
    networks: networks && [...networks],
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    status: storedStatusOf(asOf(record, at)),
  }
}
