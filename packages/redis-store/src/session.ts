import { createDeadline } from '@tessera/core'
import type { Argument, RedisClient } from './client.ts'
import { createConfirmLead } from './confirm-lead.ts'
import { epochOf } from './connection-epoch.ts'
import { isDeposed, isLate, storeErrorOf } from './failure.ts'
import { createHistories } from './histories.ts'
import type { Histories } from './histories.ts'
import { keysUnder } from './keys.ts'
import type { Keys } from './keys.ts'
import type { Settings } from './options.ts'
import { createReadPrimary } from './read-primary.ts'
import type { ReadPrimary } from './read-primary.ts'
import { createReconnect } from './reconnect.ts'
import { runReplicated, runScript } from './run-script.ts'
import type { ScriptCall } from './run-script.ts'
import { createSend } from './send.ts'
import type { Send } from './send.ts'
import { createServerCheck } from './server-check.ts'
import { createServerClocks } from './server-clocks.ts'
import type { ServerClocks } from './server-clocks.ts'
import { LEAD } from './scripts/lead.ts'
import type { Script } from './scripts/script.ts'

/** How the store's operations talk to Redis. */
export interface Session {
  readonly client: RedisClient
  readonly send: Send
  readonly keys: Keys
  readonly changesKept: number
  /** How far a caller's clock may run ahead of a server's. */
  readonly clockToleranceMs: number
  readonly minReplicas: number
  /** `1` where slots can move, for the scripts. */
  readonly isCluster: '1' | '0'
  /** Carries out one operation on servers that were checked, within the deadline. Rejects with a StoreError only. */
  operate<Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer>
  readonly read: ReadPrimary
  /** Runs a script that need not be acknowledged by replicas. */
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
  /** Runs a script whose effect must last: acknowledged by as many replicas as the options say. */
  change(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
  readonly clocks: ServerClocks
  /** When an operation that begins now is given up, by this process' monotonic clock. */
  giveUpAt(): number
  /** See {@link epochOf}. */
  epoch(): number
  readonly histories: Histories
}

export function createSession(client: RedisClient, settings: Settings): Session {
  const { deadlineMs, minReplicas } = settings
  const send = createSend(client)
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

  /** A client whose connection was lost sends again what was not answered, to whatever server is there then. */
  function recheck(): Promise<void> | null {
    return check.passed() ? null : check.pass()
  }

  function change(...call: Parameters<Session['change']>): Promise<unknown> {
    return minReplicas === 0 ? runScript(send, callOf(...call)) : runReplicated(client, callOf(...call), replicas)
  }

  const confirm = createConfirmLead((key) => change(LEAD, [key], []))
  const confirmLead = (key: Argument) => confirm(keys.leadOf(client.isCluster ? key : keys.feed.log))

  return {
    client,
    send,
    keys,
    changesKept: settings.changesKept,
    clockToleranceMs: settings.clockToleranceMs,
    minReplicas,
    isCluster: client.isCluster ? '1' : '0',
    operate,
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
