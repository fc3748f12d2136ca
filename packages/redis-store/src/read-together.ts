import type { Argument, RedisClient } from './client.ts'
import { storeErrorOf } from './failure.ts'
import type { Session } from './session.ts'

/** Sends a command that reads, and resolves with its reply. Rejects with a StoreError only. */
export type Read = (command: string, args: Argument[]) => Promise<unknown>

interface Waiting {
  readonly command: string
  readonly args: Argument[]
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: Error) => void
}

type Result = readonly [error: Error | null, reply: unknown]

/**
 * Makes one operation of the reads that are asked for in one turn of the event loop, with one deadline and one write to
 * the connection, which costs more than all else about a short command. Each stays a command of its own. The connections
 * of a cluster are many, so there each read goes by itself.
 */
export function readTogether({ client, operate }: Pick<Session, 'client' | 'operate'>, operation: string): Read {
  let waiting: Waiting[] = []

  async function flush(): Promise<void> {
    const reads = waiting
    waiting = []
    try {
      const results = await operate(operation, () => send(client, reads))
      for (const [index, read] of reads.entries()) settle(read, results[index], operation)
    } catch (error) {
      for (const { reject } of reads) reject(storeErrorOf(operation, error))
    }
  }

  if (client.isCluster) return (command, args) => operate(operation, () => client.callBuffer(command, args))
  return (command, args) =>
    new Promise((resolve, reject) => {
      // The next tick comes when all promises that are ready in this turn have had theirs.
      if (waiting.push({ command, args, resolve, reject }) === 1) process.nextTick(flush)
    })
}

async function send(client: RedisClient, reads: readonly Waiting[]): Promise<readonly Result[]> {
  const [first] = reads
  if (first !== undefined && reads.length === 1) return [[null, await client.callBuffer(first.command, first.args)]]
  const pipeline = client.pipeline()
  for (const { command, args } of reads) pipeline.callBuffer(command, args)
  return (await pipeline.exec()) ?? []
}

function settle({ resolve, reject }: Waiting, result: Result | undefined, operation: string): void {
  const [error, reply] = result ?? [new Error('Redis did not reply'), null]
  if (error === null) resolve(reply)
  else reject(storeErrorOf(operation, error))
}
