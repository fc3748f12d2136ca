import { createDeadline } from '@tessera/core'
import { primariesOf } from './client.ts'
import type { RedisClient } from './client.ts'
import { epochOf } from './connection-epoch.ts'
import { storeErrorOf } from './failure.ts'
import { runScript } from './run-script.ts'
import type { Send } from './send.ts'
import { CLAIM_LAYOUT } from './scripts/claim-layout.ts'
import { historyOf, whyRefused } from './server-info.ts'

const LAYOUT = 1

/** Whether the servers behind the client keep the store's promises. */
export interface ServerCheck {
  /** Whether {@link pass} would have nothing to do. */
  readonly passed: () => boolean
  /** Looks at the servers, once for all who ask and again when a connection was replaced. Rejects with what to set. */
  readonly pass: () => Promise<void>
  /** Names the histories of writes that the servers had when they were looked at. See {@link historyOf}. */
  readonly history: () => string
}

export function createServerCheck(
  client: RedisClient,
  send: Send,
  options: { readonly layoutKey: string; readonly deadlineMs: number },
): ServerCheck {
  let passedEpoch = -1
  let running: Promise<void> | null = null
  let layout: Promise<void> | null = null
  let history = ''

  async function look(): Promise<void> {
    const epoch = epochOf(client)
    const found = await checkServers(client, options)
    layout ??= checkLayout(send, options.layoutKey).catch((error: unknown) => {
      layout = null
      throw error
    })
    await layout
    history = found
    passedEpoch = epoch
  }

  return {
    passed: () => passedEpoch === epochOf(client),
    pass() {
      running ??= look().finally(() => {
        running = null
      })
      return running
    },
    history: () => history,
  }
}

/**
 * A node of a cluster that does not answer serves nobody, and is looked at when it is connected again.
 *
 * @returns The name of the histories that the others have.
 */
async function checkServers(client: RedisClient, { deadlineMs }: { readonly deadlineMs: number }): Promise<string> {
  if (client.isCluster) await client.callBuffer('ping', []) // The nodes are known when this is answered.
  const patienceMs = client.isCluster ? deadlineMs / 2 : deadlineMs
  const withinDeadline = createDeadline(patienceMs)
  const answers = await Promise.allSettled(
    primariesOf(client).map((node) => withinDeadline(() => node.callBuffer('info', []), unanswered)),
  )
  const infos = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [String(answer.value)] : []))
  for (const info of infos) {
    const why = whyRefused(info)
    if (why !== null) throw new Error(`redisStore: ${why}`)
  }
  const [first] = answers
  if (first?.status === 'rejected' && infos.length === 0) throw first.reason
  return historyOf(infos)
}

function unanswered(cause: unknown): Error {
  return storeErrorOf('check the server', cause)
}

async function checkLayout(send: Send, key: string): Promise<void> {
  const reply = await runScript(send, { script: CLAIM_LAYOUT, keys: [key], args: [LAYOUT] })
  const kept = String(reply)
  if (kept === String(LAYOUT)) return
  throw new Error(
    `redisStore: the keys have layout ${kept} and this version of @tessera/redis-store knows layout ${LAYOUT}: ` +
      'upgrade the package, or use another keyPrefix',
  )
}
