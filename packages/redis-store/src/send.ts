import type { Argument, Connection, RedisClient } from './client.ts'

/** So many short commands cost in one write little more than one, and the server can begin while the rest is made. */
const MOST_IN_WRITE = 32

let gathered = 0

/**
 * Sends one command. Those that are sent in one turn of the event loop go out in few writes, since a write to the
 * connection costs more than all else about a short command. The connections of a cluster are many; there each goes alone.
 */
export function send(client: RedisClient, command: string, args: Argument[]): Promise<unknown> {
  if (client.stream) gather(client.stream)
  return client.callBuffer(command, args)
}

function gather(connection: Connection): void {
  gathered += 1
  if (connection.writableCorked === 0) {
    connection.cork()
    // The next tick comes when all promises that are ready in this turn have had theirs.
    process.nextTick(release, connection)
  } else if (gathered % MOST_IN_WRITE === 0) {
    connection.uncork()
    connection.cork()
  }
}

function release(connection: Connection): void {
  connection.uncork()
}
