import { listIn, textIn } from '../text/reply.ts'
import { whyNoMajority } from './server-info.ts'

const COUNT = /^\d+$/

/** A server's name for the history of its writes. */
export const HISTORY: RegExp = /^[0-9a-f]{40}$/

/**
 * Has a server prove its lead before a read, as Raft does: it writes, and replicas confirm the write. A replica of another
 * primary confirms nothing here, however late either of them notices.
 *
 * @param write Writes to a key of the server, and resolves to its reply once enough replicas have the write.
 * @param minReplicas The number of replicas behind each write. It must be a majority with the primary, also after more
 *   replicas have joined.
 * @returns Resolves to the history of the server that led after the call began. All calls during a write to the same key
 *   share the next write.
 */
export function createConfirmLead(
  write: (key: string) => Promise<unknown>,
  minReplicas: number,
): (key: string) => Promise<string> {
  const under = new Map<string, Promise<unknown>>()
  const next = new Map<string, Promise<string>>()

  function historyOf(reply: unknown): string {
    const [history, replicas] = listIn(reply, 2)
    const why = whyNoMajority(minReplicas, Number(textIn(replicas, COUNT)))
    if (why !== null) throw new Error(why)
    return textIn(history, HISTORY)
  }

  async function follow(key: string, former: Promise<unknown>): Promise<string> {
    await former.catch(() => {})
    next.delete(key)
    return begin(key)
  }

  function begin(key: string): Promise<string> {
    const writing = write(key).then(historyOf)
    under.set(key, writing)
    const end = () => {
      if (under.get(key) === writing) under.delete(key)
    }
    writing.then(end, end)
    return writing
  }

  return (key) => {
    const waiting = next.get(key)
    if (waiting !== undefined) return waiting
    const former = under.get(key)
    if (former === undefined) return begin(key)
    const following = follow(key, former)
    next.set(key, following)
    return following
  }
}
