import type { TracingChannel } from 'node:diagnostics_channel'
import { StoreError, TokenError } from '../token/errors.ts'
import type { Verification } from '../token/verification.ts'
import type { Diagnostics, TracedCall } from './diagnostics.ts'

/** The end of a call, as its message shows it. */
type Conclusion = Pick<TracedCall, 'outcome' | 'reason'> & Partial<Pick<Diagnostics['verb'], 'owner' | 'tokenId'>>

/** What is known of a call at its start. */
export type CallFacts = Pick<TracedCall, 'operation' | 'prefix'> &
  Partial<Pick<Diagnostics['verb'], 'owner' | 'tokenId'> & Pick<Diagnostics['store'], 'label'>>

/** Whether anybody listens. Not every runtime can tell that of a tracing channel as a whole. */
export function isWatched({ start, end, asyncStart, asyncEnd, error }: TracingChannel<unknown, TracedCall>): boolean {
  return (
    start.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers
  )
}

/**
 * Publishes a call as `tracePromise` of Node does, but for the answer: that may hold a secret. The call runs within the
 * stores bound to `start`, so the work in it is traced below it. An answer without a promise ends the call at once.
 *
 * @param facts The message at the start. Its outcome is added at the end.
 * @param conclude Called with the answer.
 */
export function trace<Answer, Answering extends Answer | Promise<Answer>>(
  { start, end, asyncStart, asyncEnd, error }: TracingChannel<unknown, TracedCall>,
  facts: CallFacts,
  call: () => Answering,
  conclude: (answer: Answer) => Conclusion,
): Answering {
  const message: TracedCall = { ...facts, outcome: null, reason: null, durationMs: null }
  const startedAt = performance.now()

  function settle(conclusion: Conclusion): void {
    Object.assign(message, conclusion, { durationMs: performance.now() - startedAt })
    asyncStart.runStores(message, () => asyncEnd.publish(message))
  }

  function succeed(answer: Answer): Answer {
    settle(conclude(answer))
    return answer
  }

  function fail(thrown: unknown): never {
    Object.assign(message, { error: thrown })
    error.publish(message)
    settle(concludeFailure(thrown))
    throw thrown
  }

  return start.runStores(message, () => {
    const answering = attempt(call, () => end.publish(message), fail)
    return (answering instanceof Promise ? answering.then(succeed, fail) : succeed(answering as Answer)) as Answering
  })
}

/** @param end Called at the end of the call itself. */
function attempt<Answering>(call: () => Answering, end: () => void, fail: (thrown: unknown) => never): Answering {
  let answering: Answering
  try {
    answering = call()
  } catch (thrown) {
    end()
    return fail(thrown)
  }
  end()
  return answering
}

export function concludeVerification(verification: Verification): Conclusion {
  if (!verification.ok) return { outcome: 'refused', reason: verification.reason }
  const { owner, id: tokenId } = verification.token
  return { outcome: 'accepted', reason: null, owner, tokenId }
}

export function done(): Conclusion {
  return { outcome: 'done', reason: null }
}

function concludeFailure(thrown: unknown): Conclusion {
  if (thrown instanceof TokenError) return { outcome: 'refused', reason: thrown.code }
  return { outcome: 'failed', reason: thrown instanceof StoreError ? thrown.code : null }
}
