import { channelOf } from './diagnostics.ts'
import type { Diagnostics } from './diagnostics.ts'
import { isWatched, trace } from './trace.ts'
import type { CallFacts } from './trace.ts'

/** The first argument of a verb. An owner is in its messages from the start. */
export type FirstArgument = 'owner' | 'request' | 'secret' | 'other'

/** The names of all verbs that answer with a promise, but for those traced as verifications. */
export type TracedVerbs<Verbs> = {
  readonly [Name in keyof Verbs as Verbs[Name] extends (...args: never[]) => Promise<unknown>
    ? Exclude<Name, 'verify' | 'verifyNow' | 'authenticate' | 'checkById'>
    : never]: FirstArgument
}

/** The same verbs, each published on a channel of its name. */
export function traceVerbs<Verbs extends object>(
  verbs: Verbs,
  prefix: string,
  traced: Readonly<Record<string, FirstArgument>>,
): Verbs {
  const wrapped = Object.entries(traced).map(([operation, first]) => {
    const verb = Reflect.get(verbs, operation) as (...args: unknown[]) => Promise<unknown>
    return [operation, traceVerb({ operation, prefix }, first, verb)] as const
  })
  // Not a copy: engines look up the verbs of that more slowly.
  return Object.assign(verbs, Object.fromEntries(wrapped))
}

export function traceVerb<Args extends readonly unknown[], Answer>(
  facts: CallFacts,
  first: FirstArgument,
  verb: (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  const channel = channelOf(facts.operation)
  return (...args) => {
    if (!isWatched(channel)) return verb(...args)
    const owner = ownerIn(first, args[0])
    return trace(channel, { ...facts, owner, tokenId: null }, () => verb(...args), conclude)
  }
}

function ownerIn(first: FirstArgument, argument: unknown): string | null {
  const owner: unknown = first === 'request' ? field(argument, 'owner') : first === 'owner' ? argument : null
  return typeof owner === 'string' ? owner : null
}

/** An answer with a token, or a token itself. Nothing else of it is published: it may hold a secret. */
function conclude(answer: unknown): Pick<Diagnostics['verb'], 'outcome' | 'reason'> {
  if (answer === null) return { outcome: 'not_found', reason: null }
  const token = field(answer, 'token') ?? answer
  const [owner, tokenId] = [field(token, 'owner'), field(token, 'id')]
  const named = typeof owner === 'string' && typeof tokenId === 'string' ? { owner, tokenId } : {}
  return { outcome: 'done', reason: null, ...named }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
