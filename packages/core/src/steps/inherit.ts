import { TokenError } from '../token/errors.ts'
import { latestExpiry, renewedExpiry } from '../token/expiry.ts'
import type { ExpiryRules } from '../token/expiry.ts'
import { isGrantable } from '../token/scope.ts'
import type { GrantRules } from '../token/scope.ts'
import { expiryIn } from '../token/token.ts'
import type { TokenAttributes, TokenRecord } from '../token/token.ts'

/** What a rotation asks for the successor, and the rules of today. */
export interface Renewal {
  /**
   * Who asks. `owner` is a person or the app, `holder` has the token's own secret, `token` is any other token. Only an
   * owner gives a successor more time than the line has.
   */
  readonly asker: 'owner' | 'holder' | 'token'
  /** In epoch milliseconds; `null` for no expiry. Left out, the token's own. */
  readonly expiresAt?: number | null | undefined
  readonly rules: GrantRules & { readonly expiry: ExpiryRules }
}

/** The part of a token that its successor has by the rules of today. */
export type Inherited = Pick<TokenRecord, 'scopes' | 'expiresAt' | 'fixedExpiry' | 'lineCreatedAt'>

/**
 * What a token hands on to its successor, which is a new token under the rules of today: without the scopes that can be
 * granted no more, and with an expiry within its ceiling and within `maxMs` of the first of the line. Where an expiry is
 * required now, a token without one gets the default.
 *
 * - An owner that asks for an expiry begins the line anew, as by issuing a token. The ceiling stays.
 * - A holder gets no later expiry than the token has.
 *
 * @returns The error `invalid_parameter` for an expiry against the rules, `invalid_transition` if the line has no time left.
 */
export function inheritedFrom(
  record: TokenRecord,
  at: number,
  { asker, expiresAt: asked, rules }: Renewal,
): Inherited | TokenError {
  const lineCreatedAt = asker === 'owner' && asked !== undefined ? at : record.lineCreatedAt
  const own = asker === 'holder' ? expiryIn(record) : Number.POSITIVE_INFINITY
  const latest = Math.min(latestExpiry({ lineCreatedAt, expiryCeiling: record.expiryCeiling }, rules.expiry), own)
  if (latest <= at) return new TokenError('invalid_transition', NO_TIME)
  const expiresAt = renewedExpiry(record.expiresAt, asked, { rules: rules.expiry, at, latest })
  if (expiresAt instanceof TokenError) return expiresAt
  return {
    scopes: record.scopes.filter((scope) => isGrantable(scope, rules)),
    expiresAt,
    fixedExpiry: asked === undefined ? record.fixedExpiry : asked !== null,
    lineCreatedAt,
  }
}

const NO_TIME =
  'the token and its predecessors have lived as long as a token may: its owner can renew it with expiresAt'

/** The attribute of a token with a secret of another system: the name of the system. */
export const IMPORTED_FROM = 'importedFrom'

/** The attributes for a successor: its secret is ours. */
export function withoutOrigin(attributes: TokenAttributes): TokenAttributes {
  if (!Object.hasOwn(attributes, IMPORTED_FROM)) return attributes
  const { [IMPORTED_FROM]: _origin, ...others } = attributes
  return others
}
