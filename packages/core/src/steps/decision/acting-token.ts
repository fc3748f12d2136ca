import type { Requirements, ScopeRules } from '../../token/scope.ts'
import type { TokenRecord } from '../../token/token.ts'
import type { RefusalReason } from '../../token/verification.ts'
import { decide } from './decide.ts'
import type { Seen, Step } from './decision.ts'

/** The token that asks for a change. Whether it may ask is decided in the step of the change. */
export interface ActingToken {
  readonly id: string
  /** Everything that was asked of its scopes on the way to the change. Default nothing. */
  readonly requirements?: readonly Requirements[] | undefined
  /** The client's address, IPv4 or IPv6. Without one, a token with networks may change nothing. */
  readonly ip?: string | null | undefined
  /**
   * Exclusive: the end of the presented credential, if that is derived from the token, such as a signed access token. The
   * token may ask for nothing with it later. Default none but the token's own.
   */
  readonly until?: Date | null | undefined
  /** Lets it issue and rotate tokens with an expiry after its own. Default false. */
  readonly mayOutlive?: boolean | undefined
}

/** The answer of a step to an acting token. */
export type Acted<Answer> = { readonly ok: true; readonly answer: Answer } | ActingRefused

export interface ActingRefused {
  readonly ok: false
  readonly reason: RefusalReason
  /** The token; `null` if the owner has none with this id. */
  readonly record: TokenRecord | null
  /** The required scopes, if it lacks some of them. */
  readonly scopes: readonly string[]
}

/**
 * A step that holds only while its token does. The token is shown with the rest, and decides first: before the key, and
 * before anything is said about other tokens. So no change follows a revocation, however long ago it was asked for.
 *
 * @param at The time of the change, in epoch milliseconds.
 * @param step Makes the step. Called with the token as it is then, so that it gives away no more than it has.
 */
export function actedBy<Answer>(
  actor: ActingToken,
  at: number,
  rules: ScopeRules,
  step: (acting: TokenRecord | null) => Step<Answer>,
): Step<Acted<Answer>> {
  const { operation, wants } = step(null)
  return {
    operation,
    wants: { ...wants, ids: [...new Set([...wants.ids, actor.id])] },
    decide(seen: Seen) {
      const acting = seen.records.get(actor.id)
      if (acting === undefined) return { answer: { ok: false, reason: 'unknown', record: null, scopes: [] } }
      const refused = refusalOf(acting, actor, at, rules)
      if (refused !== null) return { answer: refused }
      const { answer, ...written } = step(acting).decide(seen)
      return { ...written, answer: { ok: true, answer } }
    },
  }
}

function refusalOf(
  record: TokenRecord,
  { requirements = [], ip, until = null }: ActingToken,
  at: number,
  rules: ScopeRules,
): ActingRefused | null {
  for (const required of [{}, ...requirements]) {
    const reason = decide(record, at, { ...required, ip }, rules)
    if (reason !== null) return { ok: false, reason, record, scopes: scopesIn(required) }
  }
  if (until !== null && at >= until.getTime()) return { ok: false, reason: 'expired', record, scopes: [] }
  return null
}

function scopesIn({ scopes = [], anyScope = [] }: Requirements): readonly string[] {
  return [...scopes, ...anyScope]
}
