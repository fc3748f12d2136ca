import type { Argument, Connection, RedisClient } from './client.ts'

/** Sends one command, and resolves to its reply. */
export type Send = (command: string, args: Argument[]) => Promise<unknown>

/** So many short commands cost in one write little more than one, and the server can begin while the rest is made. */
const MOST_IN_WRITE = 32

/**
 * Sends the commands of one turn of the event loop in few writes: a write to the connection costs more than all else
 * about a short command. The first of a turn goes out at once if the last turn had no other: it is likely to stay
 * alone. On a cluster with its many connections each goes alone.
 */
export function createSend(client: RedisClient): Send {
  let sentInTurn = 0
  let isBusy = false

  function gather(connection: Connection): void {
    if (connection.writableCorked === 0) {
      connection.cork()
      // The next tick comes when all promises that are ready in this turn have had theirs.
      process.nextTick(release, connection)
    } else if (sentInTurn % MOST_IN_WRITE === 0) {
      connection.uncork()
      connection.cork()
    }
  }

  function endTurn(): void {
    isBusy = sentInTurn > 1
    sentInTurn = 0
  }

  return (command, args) => {
    if (!client.stream) return client.callBuffer(command, args)
    sentInTurn += 1
    const isFirst = sentInTurn === 1
    if (isBusy || !isFirst) gather(client.stream)
    const reply = client.callBuffer(command, args)
    if (isFirst) process.nextTick(endTurn)
    return reply
  }
}

function release(connection: Connection): void {
  connection.uncork()
}
