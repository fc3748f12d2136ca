import { createDeadline, createLeases } from '@tessera/core'
import type { Leases } from '@tessera/core'
import type { Argument, RedisClient } from '../client/client.ts'
import { epochOf } from '../client/connection-epoch.ts'
import { isDeposed, isLate, storeErrorOf } from '../client/failure.ts'
import { keysUnder } from '../client/keys.ts'
import type { Keys } from '../client/keys.ts'
import type { Settings } from '../client/options.ts'
import { createReconnect } from '../client/reconnect.ts'
import { runReplicated, runScript } from '../client/run-script.ts'
import type { ScriptCall } from '../client/run-script.ts'
import type { Script } from '../client/script.ts'
import { createSend } from '../client/send.ts'
import type { Send } from '../client/send.ts'
import { createConfirmLead } from './confirm-lead.ts'
import { createHistories } from './histories.ts'
import type { Histories } from './histories.ts'
import { LEAD } from './lead.ts'
import { createReadPrimary } from './read-primary.ts'
import type { ReadPrimary } from './read-primary.ts'
import { createServerCheck } from './server-check.ts'
import { createServerClocks } from './server-clocks.ts'
import type { ServerClocks } from './server-clocks.ts'

/** How the store's operations talk to Redis. */
export interface Session {
  readonly client: RedisClient
  readonly send: Send
  readonly keys: Keys
  readonly leases: Leases
  /** The number of entries that the feed keeps, and the length of a lease to keep beside it, as scripts take them. */
  feedLimits(): string
  /** How far a caller's clock may run ahead of a server's. */
  readonly clockToleranceMs: number
  readonly minReplicas: number
  /** `1` if slots can move, for the scripts. */
  readonly isCluster: '1' | '0'
  /** Carries out one operation on checked servers, within the deadline. Rejects with a StoreError only. */
  operate<Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer>
  readonly read: ReadPrimary
  /** See {@link createConfirmLead}: of the node with a key. */
  confirmLead(key: Argument): Promise<string>
  /** Runs a script without waiting for replicas. */
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
  /** Runs a script with a lasting effect: acknowledged by as many replicas as the options say. */
  change(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
  readonly clocks: ServerClocks
  /** The end of an operation that begins now, by this process' monotonic clock. */
  giveUpAt(): number
  /** See {@link epochOf}. */
  epoch(): number
  readonly histories: Histories
}

export function createSession(client: RedisClient, settings: Settings): Session {
  const { deadlineMs, minReplicas } = settings
  const send = createSend(client)
  const leases = createLeases(settings.leaseMs)
  const keys = keysUnder(settings.keyPrefix)
  const withinDeadline = createDeadline(deadlineMs)
  const histories = createHistories(client, deadlineMs / 2)
  const check = createServerCheck(client, send, histories, { ...settings, layoutKey: keys.layout })
  const reconnect = createReconnect(client, deadlineMs)
  // WAIT holds up what else is sent over the connection, and a script that the server does not have yet takes it twice.
  const replicas = { least: minReplicas, waitMs: Math.ceil(deadlineMs / 3) }

  function operate<Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer> {
    return withinDeadline(
      check.passed() ? work : () => check.pass().then(work),
      (cause) => failed(operation, cause),
      recheck,
    )
  }

  function failed(operation: string, cause: unknown): Error {
    if (isLate(cause)) reconnect.suspect()
    else if (isDeposed(cause)) reconnect.leave()
    return storeErrorOf(operation, cause)
  }

  /** After a lost connection a client sends unanswered commands again, to any server there. */
  function recheck(): Promise<void> | null {
    return check.passed() ? null : check.pass()
  }

  function change(...call: Parameters<Session['change']>): Promise<unknown> {
    return minReplicas === 0 ? runScript(send, callOf(...call)) : runReplicated(client, callOf(...call), replicas)
  }

  const confirm = createConfirmLead((key) => change(LEAD, [key], []), minReplicas)
  const confirmLead = (key: Argument) => confirm(keys.leadOf(client.isCluster ? key : keys.feed.log))

  return {
    client,
    send,
    keys,
    leases,
    // One entry more than the changes kept: the one at which the reader stands who needs them all.
    feedLimits: () => `${settings.changesKept + 1} ${leases.longestMs()}`,
    clockToleranceMs: settings.clockToleranceMs,
    minReplicas,
    isCluster: client.isCluster ? '1' : '0',
    operate,
    confirmLead,
    read: createReadPrimary(send, minReplicas === 0 ? null : confirmLead),
    run: (...call) => runScript(send, callOf(...call)),
    change,
    clocks: createServerClocks(client),
    giveUpAt: () => performance.now() + deadlineMs,
    epoch: () => epochOf(client),
    histories,
  }
}

function callOf(script: Script, keys: readonly string[], args: readonly Argument[]): ScriptCall {
  return { script, keys, args }
}
