import type { Argument, Connection, RedisClient } from './client.ts'

/** A write of this many bytes costs little more than a short one, and lets the server begin while the rest is made. */
const WRITE_BYTES = 2_048

/**
 * Sends one command. Those that are sent in one turn of the event loop go out in few writes, since a write to the
 * connection costs more than all else about a short command. The connections of a cluster are many; there each goes alone.
 */
export function send(client: RedisClient, command: string, args: Argument[]): Promise<unknown> {
  if (client.stream) gather(client.stream)
  return client.callBuffer(command, args)
}

function gather(connection: Connection): void {
  if (connection.writableCorked === 0) {
    connection.cork()
    // The next tick comes when all promises that are ready in this turn have had theirs.
    process.nextTick(release, connection)
  } else if (connection.writableLength >= WRITE_BYTES) {
    connection.uncork()
    connection.cork()
  }
}

function release(connection: Connection): void {
  connection.uncork()
}
