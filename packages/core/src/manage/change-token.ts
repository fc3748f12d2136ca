import type { CommandType } from '../observe/events.ts'
import { actorIn } from '../observe/token-event.ts'
import type { ActedBy } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import type { Step } from '../steps/decision/decision.ts'
import { withFormer } from '../steps/decision/with-former.ts'
import type { EditOutcome } from '../steps/edit.ts'
import type { Outdated } from '../steps/resume.ts'
import { TokenError } from '../token/errors.ts'
import { toToken } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import { tokenBeyond } from './request/ceilings.ts'
import { refusalByKey } from './request/idempotency.ts'
import { notHeld } from './request/issuable-scopes.ts'
import { takeStep } from './request/take-step.ts'

/** A token after a change. `replayed` if an earlier request under the same key was given this answer. */
export interface Changed {
  readonly token: Token
  readonly replayed: boolean
}

/** The name of a change in events, and the wording of its refusal. */
export interface Command {
  readonly type: CommandType
  /** Whoever asks. */
  readonly asked: ActedBy
  /** Why the token's status does not allow it. */
  readonly refusal: string
}

const MOST_ATTEMPTS = 10

/**
 * Takes a step for one token and reports it. The id is checked for its shape before it reaches the store. An outdated
 * step is taken again, at the time of the change before it: a clock ahead may have made that.
 *
 * @param step Makes the step; called with its time, in epoch milliseconds, and with the acting token as it is then.
 * @throws TokenError `actor_refused`, `token_not_found`, `invalid_transition` with the refusal, `insufficient_scope`,
 *   `beyond_ceiling`, `invalid_parameter` for an expiry, `idempotency_conflict`
 */
export async function changeToken(
  settings: Settings,
  owner: string,
  id: string,
  { type, refusal, asked }: Command,
  step: (at: number, acting: TokenRecord | null) => Step<EditOutcome | Outdated>,
): Promise<Changed> {
  if (!settings.ids.matches(id)) throw tokenNotFound()
  let seenAt = 0
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const at = Math.max(settings.now(), seenAt)
    const { answer: outcome, former } = await takeStep(settings, owner, asked, at, (acting) =>
      withFormer(id, step(at, acting)),
    )
    if (outcome.outcome !== 'outdated') {
      const { record, replayed } = changeIn(outcome, refusal)
      settings.events()?.changed(type, { former, record, replayed }, { ...actorIn(asked), at })
      // A replay answers as the first request left it, with the status that the token had then.
      return { token: toToken(record, replayed ? record.updatedAt : at), replayed }
    }
    seenAt = outcome.record.updatedAt
  }
  throw new TokenError('invalid_transition', 'others kept changing the token at the same time')
}

function changeIn(outcome: EditOutcome, refusal: string): { readonly record: TokenRecord; readonly replayed: boolean } {
  switch (outcome.outcome) {
    case 'done':
    case 'replayed':
      return { record: outcome.record, replayed: outcome.outcome === 'replayed' }
    case 'not_found':
      throw tokenNotFound()
    case 'not_allowed':
      throw new TokenError('invalid_transition', refusal)
    case 'insufficient_scope':
      throw notHeld(outcome.lackedBy === 'token' ? 'token' : 'issuer', outcome.scopes)
    case 'beyond_networks':
    case 'beyond_expiry':
      throw tokenBeyond(outcome)
    case 'against_rules':
      throw outcome.error
    case 'idempotency_conflict':
    case 'idempotency_limit_reached':
      throw refusalByKey(outcome.outcome)
  }
}

export function tokenNotFound(): TokenError {
  return new TokenError('token_not_found', 'the owner has no such token')
}
