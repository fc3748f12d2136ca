import { nodesOf } from './client.ts'
import type { Connection, RedisClient } from './client.ts'
import { createSilences } from './silences.ts'

/** Less is too little to connect in. */
const LEAST_PATIENCE_MS = 1_000
const TICKS_IN_PATIENCE = 10

/** Has the client connect anew if it would not do so by itself. No server is connected to more than once in a deadline. */
export interface Reconnect {
  /**
   * Called for a late answer. A connection without any answer, even to a PING, leads to a vanished host. It is cut, and
   * so are its successors until one is answered.
   */
  suspect(): void
  /** Called for an answer of a server that is no primary any more. The client then looks for the new one. */
  leave(): void
}

export function createReconnect(client: RedisClient, deadlineMs: number): Reconnect {
  const patienceMs = Math.max(deadlineMs, LEAST_PATIENCE_MS)
  const probed = new WeakSet<RedisClient>()
  const silences = createSilences()
  let isWatching = false
  let lateAt = 0
  let leftAt = Number.NEGATIVE_INFINITY

  function watch(): void {
    // First what has arrived is read: something else may have held up this process.
    setTimeout(() => setImmediate(tick), patienceMs / TICKS_IN_PATIENCE).unref()
  }

  function tick(): void {
    const areWell = nodesOf(client).map(isWell)
    isWatching = areWell.includes(false) || performance.now() - lateAt < 2 * patienceMs
    if (isWatching) watch()
  }

  function isWell(node: RedisClient): boolean {
    const { stream } = node
    if (!isOpen(stream)) return !isConnecting(node)
    probe(node)
    const silentMs = silences.lengthOf(stream)
    // To be connected takes one packet each way.
    if (silentMs >= (stream.connecting ? patienceMs / 2 : patienceMs)) stream.destroy()
    return silentMs === 0
  }

  function probe(node: RedisClient): void {
    if (probed.has(node)) return
    probed.add(node)
    const forget = () => void probed.delete(node)
    node.callBuffer('ping', []).then(forget, forget)
  }

  return {
    suspect() {
      lateAt = performance.now()
      if (isWatching) return
      isWatching = true
      for (const { stream, status } of nodesOf(client)) {
        if (isOpen(stream)) silences.begin(stream, status === 'ready' ? patienceMs / 2 : 0)
      }
      tick()
    },
    leave() {
      const now = performance.now()
      if (now - leftAt < patienceMs) return
      leftAt = now
      if (client.isCluster) client.refreshSlotsCache?.()
      else client.stream?.destroy()
    },
  }
}

function isOpen(stream: Connection | null | undefined): stream is Connection {
  return stream !== null && stream !== undefined && !stream.destroyed
}

function isConnecting({ status }: RedisClient): boolean {
  return status === 'connecting' || status === 'connect' || status === 'reconnecting'
}
