import type { ActedBy } from '../../observe/token-event.ts'
import type { GuardedStore } from '../../setup/guard-store.ts'
import type { Settings } from '../../setup/settings.ts'
import { actedBy } from '../../steps/decision/acting-token.ts'
import type { ActingRefused, ActingToken } from '../../steps/decision/acting-token.ts'
import { ceilingOf } from '../../steps/decision/ceiling.ts'
import type { Ceiling } from '../../steps/decision/ceiling.ts'
import type { Step } from '../../steps/decision/decision.ts'
import { TokenError } from '../../token/errors.ts'
import type { TokenRecord } from '../../token/token.ts'
import { checkActor } from './check-actor.ts'

/**
 * Takes a step of the store. With an acting token the step holds only while that does.
 *
 * @param at The time of the step, in epoch milliseconds.
 * @param step Makes the step. Called with the acting token as it is then; with `null` if there is none.
 * @throws TokenError `invalid_parameter`, `actor_refused`; `insufficient_scope` with the scopes required of the acting token
 */
export function takeStep<Answer>(
  settings: Settings,
  owner: string,
  { actor, context }: Pick<ActedBy, 'actor' | 'context'>,
  at: number,
  step: (acting: TokenRecord | null) => Step<Answer>,
): Promise<Answer> {
  if (actor === undefined) return settings.store.take(owner, step(null))
  return takeByToken(settings, owner, actor, context, at, step)
}

async function takeByToken<Answer>(
  settings: Settings,
  owner: string,
  actor: ActingToken,
  context: ActedBy['context'],
  at: number,
  step: (acting: TokenRecord | null) => Step<Answer>,
): Promise<Answer> {
  checkActor(actor)
  const acted = settings.ids.matches(actor.id)
    ? await settings.store.take(owner, actedBy(actor, at, settings, step))
    : ({ ok: false, reason: 'unknown', record: null, scopes: [] } as const)
  if (acted.ok) return acted.answer
  settings.events()?.refused(acted.reason, acted.record, { ip: actor.ip, context })
  settings.counters.countVerification(acted)
  throw refusalBy(acted)
}

/** A store whose every step is taken by {@link takeStep}, for a change in several steps. */
export function storeOf(
  settings: Settings,
  asked: Pick<ActedBy, 'actor' | 'context'>,
  at: number,
): Pick<GuardedStore, 'take' | 'list'> {
  return {
    list: settings.store.list,
    take: (owner, step) => takeStep(settings, owner, asked, at, () => step),
  }
}

/** The answer of a step, and the ceilings of the acting token as the step was shown it. */
export interface Bounded<Answer> {
  readonly answer: Answer
  readonly ceilings: readonly Ceiling[]
}

/** The same. The step gets the ceilings of the acting token too, and they come with its answer. */
export async function takeBounded<Answer>(
  settings: Settings,
  owner: string,
  asked: Pick<ActedBy, 'actor' | 'context'>,
  at: number,
  step: (acting: TokenRecord | null, ceilings: readonly Ceiling[]) => Step<Answer>,
): Promise<Bounded<Answer>> {
  let ceilings: readonly Ceiling[] = []
  const answer = await takeStep(settings, owner, asked, at, (acting) => {
    ceilings = ceilingsOf(acting, asked.actor)
    return step(acting, ceilings)
  })
  return { answer, ceilings }
}

/** The ceiling of an acting token; none for a person. */
export function ceilingsOf(acting: TokenRecord | null, actor: ActingToken | undefined): readonly Ceiling[] {
  return acting === null ? [] : [ceilingOf(acting, actor?.mayOutlive)]
}

function refusalBy({ reason, scopes }: ActingRefused): TokenError {
  if (reason === 'insufficient_scope')
    return new TokenError(reason, `the token that asks lacks one of ${scopes.join(', ')}`, { scopes, reason })
  return new TokenError('actor_refused', `the token that asks may not be used any more: ${reason}`, { reason })
}
