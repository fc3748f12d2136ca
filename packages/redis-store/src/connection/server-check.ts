import type { RedisClient } from '../client/client.ts'
import { epochOf } from '../client/connection-epoch.ts'
import { runScript } from '../client/run-script.ts'
import type { Send } from '../client/send.ts'
import { textIn } from '../text/reply.ts'
import { askPrimaries } from './ask-primaries.ts'
import type { Answer } from './ask-primaries.ts'
import { CLAIM_LAYOUT } from './claim-layout.ts'
import type { Histories } from './histories.ts'
import { whyTooTrusting } from './replica-settings.ts'
import { whyRefused } from './server-info.ts'

const LAYOUT = 1

/** Whether the servers behind the client keep the store's promises. */
export interface ServerCheck {
  /** Whether {@link pass} would have nothing to do. */
  readonly passed: () => boolean
  /**
   * Checks the servers, once for all callers, and again after a connection was replaced. Rejects with the setting to
   * change.
   */
  readonly pass: () => Promise<void>
}

export interface CheckOptions {
  readonly layoutKey: string
  readonly deadlineMs: number
  readonly minReplicas: number
}

export function createServerCheck(
  client: RedisClient,
  send: Send,
  histories: Histories,
  options: CheckOptions,
): ServerCheck {
  let passedEpoch = -1
  let running: Promise<void> | null = null

  async function look(): Promise<void> {
    const epoch = epochOf(client)
    // The nodes of a cluster are known when this is answered.
    if (client.isCluster && client.status !== 'ready') await client.callBuffer('ping', [])
    const patienceMs = client.isCluster ? options.deadlineMs / 2 : options.deadlineMs
    const answers = await askPrimaries(client, [], patienceMs)
    await checkServers(answers, client.isCluster, options)
    await checkLayout(send, options.layoutKey)
    histories.learn(answers)
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

/**
 * A silent node of a cluster serves nobody, and is checked after it is connected again. A new replica serves nobody
 * either: it names the primary to anybody who asks for a key.
 */
async function checkServers(answers: readonly Answer[], isCluster: boolean, options: CheckOptions): Promise<void> {
  const [first] = answers
  if (first?.info === null && answers.every(({ info }) => info === null)) throw first.cause
  for (const { node, info } of answers) {
    if (info === null || (isCluster && info.isReplica)) continue
    const why = whyRefused(info, options.minReplicas)
    const whyNot = why ?? (options.minReplicas > 0 ? await whyTooTrusting(node, options.minReplicas) : null)
    if (whyNot !== null) throw new Error(`redisStore: ${whyNot}`)
  }
}

/** Writes only to a store without a layout, so a server that refuses writes can be checked too. */
async function checkLayout(send: Send, key: string): Promise<void> {
  const kept =
    (await send('get', [key])) ?? (await runScript(send, { script: CLAIM_LAYOUT, keys: [key], args: [LAYOUT] }))
  const layout = textIn(kept)
  if (layout === String(LAYOUT)) return
  throw new Error(
    `redisStore: the keys have layout ${layout} and this version of @tessera/redis-store knows layout ${LAYOUT}: ` +
      'upgrade the package, or use another keyPrefix',
  )
}
