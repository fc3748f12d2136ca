import { primariesOf } from './client.ts'
import type { RedisClient } from './client.ts'
import { epochOf } from './connection-epoch.ts'
import { createDeadline } from './deadline.ts'
import { storeErrorOf } from './failure.ts'
import { runScript } from './run-script.ts'
import { CLAIM_LAYOUT } from './scripts/claim-layout.ts'
import { whyRefused } from './server-info.ts'

const LAYOUT = 1

/** Whether the servers behind the client keep the store's promises. */
export interface ServerCheck {
  /** Whether {@link pass} would have nothing to do. */
  readonly passed: () => boolean
  /** Looks at the servers, once for all who ask and again when a connection was replaced. Rejects with what to set. */
  readonly pass: () => Promise<void>
}

export function createServerCheck(
  client: RedisClient,
  options: { readonly layoutKey: string; readonly deadlineMs: number; readonly allowEviction: boolean },
): ServerCheck {
  let passedEpoch = -1
  let running: Promise<void> | null = null
  let layout: Promise<void> | null = null

  async function look(): Promise<void> {
    const epoch = epochOf(client)
    await checkServers(client, options)
    layout ??= checkLayout(client, options.layoutKey).catch((error: unknown) => {
      layout = null
      throw error
    })
    await layout
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
  }
}

/** A node of a cluster that does not answer serves nobody, and is looked at when it is connected again. */
async function checkServers(
  client: RedisClient,
  { deadlineMs, allowEviction }: { readonly deadlineMs: number; readonly allowEviction: boolean },
): Promise<void> {
  if (client.isCluster) await client.callBuffer('ping', []) // The nodes are known when this is answered.
  const patienceMs = client.isCluster ? deadlineMs / 2 : deadlineMs
  const withinDeadline = createDeadline(patienceMs)
  const infos = await Promise.allSettled(
    primariesOf(client).map((node) => withinDeadline(() => node.callBuffer('info', []), unanswered)),
  )
  for (const info of infos) {
    const why = info.status === 'fulfilled' ? whyRefused(String(info.value), allowEviction) : null
    if (why !== null) throw new Error(`redisStore: ${why}`)
  }
  const [first] = infos
  if (first?.status === 'rejected' && infos.every(({ status }) => status === 'rejected')) throw first.reason
}

function unanswered(cause: unknown): Error {
  return storeErrorOf('check the server', cause)
}

async function checkLayout(client: RedisClient, key: string): Promise<void> {
  const reply = await runScript(client, { script: CLAIM_LAYOUT, keys: [key], args: [LAYOUT] })
  const kept = String(reply)
  if (kept === String(LAYOUT)) return
  throw new Error(
    `redisStore: the keys have layout ${kept} and this version of @tessera/redis-store knows layout ${LAYOUT}: ` +
      'upgrade the package, or use another keyPrefix',
  )
}
