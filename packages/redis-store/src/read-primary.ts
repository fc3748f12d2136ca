import { setTimeout as wait } from 'node:timers/promises'
import type { Argument } from './client.ts'
import { HISTORY } from './confirm-lead.ts'
import { passesSoon } from './failure.ts'
import { listIn, textIn } from './reply.ts'
import { runReading } from './run-script.ts'
import type { Send } from './send.ts'
import type { Reading } from './scripts/script.ts'

/** What a primary answers. */
export interface Told {
  readonly reply: unknown
  /** Names the history of its writes, see `ServerInfo`. */
  readonly history: string
}

export type ReadPrimary = (script: Reading, keys: readonly Argument[], args: readonly Argument[]) => Promise<Told>

const MOST_ATTEMPTS = 7
/** Replicas acknowledge once a second, and one that is a moment late has not left the primary. */
const PAUSE_MS = 50

/**
 * Reads on a primary only.
 *
 * @param confirmLead Resolves to the history of a server that still leads, of the node that has the key; `null` if a server
 *   that does not know that it was deposed may answer, too.
 */
export function createReadPrimary(send: Send, confirmLead: ((key: Argument) => Promise<string>) | null): ReadPrimary {
  const read: ReadPrimary = async (script, keys, args) => toldIn(await runReading(send, { script, keys, args }))
  if (confirmLead === null) return read

  async function attempt(call: Parameters<ReadPrimary>, attempts: number): Promise<Told> {
    try {
      const [told, history] = await Promise.all([read(...call), confirmLead?.(call[1][0] ?? '')])
      if (told.history === history) return told
      throw new Error('UNCONFIRMED it was another server that its replicas follow')
    } catch (error) {
      if (!passesSoon(error) || attempts === MOST_ATTEMPTS) throw error
    }
    await wait(PAUSE_MS)
    return attempt(call, attempts + 1)
  }

  return (...call) => attempt(call, 1)
}

function toldIn(answer: unknown): Told {
  const [history, reply] = listIn(answer, 2)
  return { reply, history: textIn(history, HISTORY) }
}
