import type { ExpiryRules } from '../token/expiry.ts'
import type { TokensOptions } from './options.ts'

const DEFAULT_ACTIVE_LIMIT = 25

/** What may be issued, as plain data for forms and documents. It holds nothing secret. */
export interface TokenRules<Scope extends string = string> {
  /** The start of every new secret. */
  readonly prefix: string
  /** The starts of earlier secrets, accepted as well. */
  readonly retiredPrefixes: readonly string[]
  /** The scopes that can be issued, in their order; `null` for every well-formed one. */
  readonly scopes: readonly Scope[] | null
  /** Whether a granted `jobs:*` covers `jobs:read`. */
  readonly wildcards: boolean
  /** How many active tokens an owner may hold; `null` for no limit. */
  readonly activeLimit: number | null
  /** As in the options: lifetimes in milliseconds, and none that was left out there. */
  readonly expiry: ExpiryRules
}

/** The rules of checked options. They are frozen. */
export function rulesOf<Scope extends string>(options: TokensOptions<Scope>): TokenRules<Scope> {
  const { prefix, retiredPrefixes = [], scopes, wildcards = false, expiry } = options
  const { activeLimit = DEFAULT_ACTIVE_LIMIT } = options
  return Object.freeze({
    prefix,
    retiredPrefixes: Object.freeze([...retiredPrefixes]),
    scopes: scopes === undefined ? null : Object.freeze([...new Set(scopes)]),
    wildcards,
    activeLimit,
    expiry: Object.freeze({ ...expiry }),
  })
}
