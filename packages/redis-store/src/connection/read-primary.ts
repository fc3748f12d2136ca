import { setTimeout as wait } from 'node:timers/promises'
import type { Argument } from '../client/client.ts'
import { passesSoon } from '../client/failure.ts'
import { runReading } from '../client/run-script.ts'
import type { Reading } from '../client/script.ts'
import type { Send } from '../client/send.ts'
import { listIn, textIn } from '../text/reply.ts'
import { HISTORY } from './confirm-lead.ts'

/** A primary's answer. */
export interface PrimaryAnswer {
  readonly reply: unknown
  /** Names the history of its writes, see `ServerInfo`. */
  readonly history: string
}

export type ReadPrimary = (
  script: Reading,
  keys: readonly Argument[],
  args: readonly Argument[],
) => Promise<PrimaryAnswer>

const MOST_ATTEMPTS = 7
/** Replicas acknowledge once a second. One a moment late has not left the primary. */
const PAUSE_MS = 50

/**
 * Reads on a primary only.
 *
 * @param confirmLead Resolves to the history of the server that leads, of the node with the key; `null` if a deposed primary may
 *   answer, too.
 */
export function createReadPrimary(send: Send, confirmLead: ((key: Argument) => Promise<string>) | null): ReadPrimary {
  const read: ReadPrimary = async (script, keys, args) => answerIn(await runReading(send, { script, keys, args }))
  if (confirmLead === null) return read

  async function attempt(call: Parameters<ReadPrimary>, attempts: number): Promise<PrimaryAnswer> {
    try {
      const [answer, history] = await Promise.all([read(...call), confirmLead?.(call[1][0] ?? '')])
      if (answer.history === history) return answer
      throw new Error('UNCONFIRMED it was another server that its replicas follow')
    } catch (error) {
      if (!passesSoon(error) || attempts === MOST_ATTEMPTS) throw error
    }
    await wait(PAUSE_MS)
    return attempt(call, attempts + 1)
  }

  return (...call) => attempt(call, 1)
}

function answerIn(answer: unknown): PrimaryAnswer {
  const [history, reply] = listIn(answer, 2)
  return { reply, history: textIn(history, HISTORY) }
}
