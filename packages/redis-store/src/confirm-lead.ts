import { textIn } from './reply.ts'

/** How the server names the history of its writes. */
export const HISTORY: RegExp = /^[0-9a-f]{40}$/

/**
 * Whether a server still leads, asked as Raft asks it before a read: something is written, and replicas confirm that. One
 * that has gone over to another primary confirms nothing here, however late either of them notices.
 *
 * @param write Writes to a key of the server, and resolves to its reply once enough replicas have it.
 * @returns Resolves to the history of the server that leads after the call began. Whoever asks while a write to the same key
 *   is under way shares the next one.
 */
export function createConfirmLead(write: (key: string) => Promise<unknown>): (key: string) => Promise<string> {
  const under = new Map<string, Promise<unknown>>()
  const next = new Map<string, Promise<string>>()

  async function follow(key: string, former: Promise<unknown>): Promise<string> {
    await former.catch(() => {})
    next.delete(key)
    return begin(key)
  }

  function begin(key: string): Promise<string> {
    const writing = write(key).then((reply) => textIn(reply, HISTORY))
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
