import { TokenError } from './errors.ts'
import type { CommandType } from './events.ts'
import { refusalByKey } from './idempotency.ts'
import type { Settings } from './settings.ts'
import type { ChangeOutcome } from './store-steps.ts'
import { toToken } from './token.ts'
import type { Token, TokenRecord } from './token.ts'

/** A token after a change; `replayed` when it is the answer that an earlier request under the same key was given. */
export interface Changed {
  readonly token: Token
  readonly replayed: boolean
}

/** A step that was carried out or had been, or that must be decided anew. */
export type Decided = Extract<ChangeOutcome, { readonly outcome: 'done' | 'replayed' | 'outdated' }>

const MOST_ATTEMPTS = 10

/** What is told of a change, and of its refusal. */
export interface Command {
  readonly type: CommandType
  readonly by: string | null
  /** Why the token's standing does not allow it. */
  readonly refusal: string
}

/**
 * Carries out a change of one token, whose id is checked for its shape before it reaches the store, and tells of it. A step
 * that comes back `outdated` is taken again with the record as it stands, some times.
 *
 * @param step Given its time, and the record of the attempt before, `null` at first.
 * @throws TokenError `token_not_found`, `invalid_transition` with the refusal, and those of {@link refusalByKey}
 */
export async function changeToken(
  settings: Settings,
  id: string,
  { type, by, refusal }: Command,
  step: (at: number, former: TokenRecord | null) => Promise<ChangeOutcome>,
): Promise<Changed> {
  if (!settings.ids.matches(id)) throw tokenNotFound()
  let former: TokenRecord | null = null
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    // The change that came first may have been made by a clock that runs ahead; whoever has seen it comes after it.
    const at: number = Math.max(settings.now(), former?.updatedAt ?? 0)
    const decided: Decided = required(await step(at, former), refusal)
    if (decided.outcome !== 'outdated') {
      const changed = decided.outcome === 'done' ? doneWith(decided.record, at) : replayOf(decided.record)
      settings.events?.changed(type, changed.token, { at, by, replayed: changed.replayed })
      return changed
    }
    former = decided.record
  }
  throw new TokenError('invalid_transition', 'others kept changing the token at the same time')
}

function doneWith(record: TokenRecord, at: number): Changed {
  return { token: toToken(record, at), replayed: false }
}

export function tokenNotFound(): TokenError {
  return new TokenError('token_not_found', 'the owner has no such token')
}

/** The token as the first request left it, with the status that it had then. */
export function replayOf(record: TokenRecord): Changed {
  return { token: toToken(record, record.updatedAt), replayed: true }
}

function required(outcome: ChangeOutcome, refusal: string): Decided {
  switch (outcome.outcome) {
    case 'not_found':
      throw tokenNotFound()
    case 'not_allowed':
      throw new TokenError('invalid_transition', refusal)
    case 'idempotency_conflict':
    case 'idempotency_limit_reached':
      throw refusalByKey(outcome.outcome)
    default:
      return outcome
  }
}
