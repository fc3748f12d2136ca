import { setTimeout as wait } from 'node:timers/promises'
import type { Argument } from './client.ts'
import { isUnconfirmed } from './failure.ts'
import { listIn, textIn } from './reply.ts'
import { runReading } from './run-script.ts'
import type { ReadingCall } from './run-script.ts'
import type { Send } from './send.ts'
import type { Reading } from './scripts/script.ts'

/** What a primary answers. */
export interface Told {
  readonly reply: unknown
  /** Names the history of its writes, see `ServerInfo`. */
  readonly history: string
}

export type ReadPrimary = (script: Reading, keys: readonly Argument[], args: readonly Argument[]) => Promise<Told>

/** An answer that counted, or may make the next one count. */
interface Earlier {
  readonly askedAt: number
  readonly answeredAt: number
}

const HISTORY = /^[0-9a-f]{40}$/
const MOST_ATTEMPTS = 7
/** Replicas acknowledge once a second. One that is a moment late has not left the primary. */
const PAUSE_MS = 50
const CONTINUITY_MS = 1_000

/**
 * Reads on a primary only, and on one that so many replicas follow.
 *
 * A server whose process stood still finds acknowledgements that its replicas sent before they left, and takes them for new
 * ones. It learns of their leaving in its next turn. So an answer counts only if the server answered something else before
 * this was asked, and not longer ago than a second: then it did not stand still in between. Who asks seldom asks twice.
 */
export function createReadPrimary(send: Send, minReplicas: number): ReadPrimary {
  const earlier = new Map<string, Earlier>()

  function counts(history: string, askedAt: number): boolean {
    const answeredAt = performance.now()
    const before = earlier.get(history)
    const age = before === undefined ? Number.POSITIVE_INFINITY : answeredAt - before.askedAt
    if (age > CONTINUITY_MS / 2) earlier.set(history, { askedAt, answeredAt })
    return before !== undefined && before.answeredAt <= askedAt && age < CONTINUITY_MS
  }

  async function attempt(call: ReadingCall, attempts: number): Promise<Told> {
    const askedAt = performance.now()
    try {
      const told = toldIn(await runReading(send, call))
      if (counts(told.history, askedAt)) return told
      if (attempts === MOST_ATTEMPTS) throw new Error('UNCONFIRMED the server takes too long to answer')
    } catch (error) {
      if (!isUnconfirmed(error) || attempts === MOST_ATTEMPTS) throw error
      await wait(PAUSE_MS)
    }
    return attempt(call, attempts + 1)
  }

  if (minReplicas > 0) return (script, keys, args) => attempt({ script, keys, args: [...args, minReplicas] }, 1)
  return async (script, keys, args) => toldIn(await runReading(send, { script, keys, args: [...args, 0] }))
}

function toldIn(answer: unknown): Told {
  const [history, reply] = listIn(answer, 2)
  return { reply, history: textIn(history, HISTORY) }
}
