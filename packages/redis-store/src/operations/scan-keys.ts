import { primariesOf } from '../client/client.ts'
import type { Argument, RedisClient } from '../client/client.ts'
import { isRedirection } from '../client/failure.ts'
import type { Session } from '../connection/session.ts'
import { listIn, textIn, unexpectedReply } from '../text/reply.ts'

const MOST_KEYS_IN_STEP = 100
const CURSOR = /^\d+$/

/** Some names of keys, and the primary with them. */
export interface ScannedKeys {
  readonly primary: RedisClient
  readonly names: readonly string[]
}

/** Walks over the names of all keys of a pattern in small steps, on each primary in turn. */
export async function* scanKeys(
  { operate, client }: Session,
  operation: string,
  pattern: string,
): AsyncGenerator<ScannedKeys, void> {
  for (const primary of await operate(operation, async () => primariesOf(client))) {
    for (let cursor = '0', isFirst = true; isFirst || cursor !== '0'; isFirst = false) {
      const page = await operate(operation, () => scan(primary, cursor, pattern))
      cursor = page.cursor
      yield { primary, names: page.names }
    }
  }
}

async function scan(
  primary: RedisClient,
  cursor: string,
  pattern: string,
): Promise<{ cursor: string; names: string[] }> {
  const reply = await primary.callBuffer('scan', [cursor, 'MATCH', pattern, 'COUNT', MOST_KEYS_IN_STEP])
  const [next, names] = listIn(reply, 2)
  return { cursor: textIn(next, CURSOR), names: listIn(names).map((name) => textIn(name)) }
}

/** The replies to one command for many keys of a primary, in one go. `'moved'` for a key of a slot that has moved. */
export async function askEach(
  primary: RedisClient,
  command: string,
  calls: readonly (readonly Argument[])[],
): Promise<readonly unknown[]> {
  if (calls.length === 0) return []
  const pipeline = primary.pipeline()
  for (const call of calls) pipeline.callBuffer(command, [...call])
  const replies = listIn(await pipeline.exec(), calls.length)
  return replies.map((reply) => {
    // A failed command has no reply, and its pair then no second part.
    const [error, answer] = listIn(reply)
    if (error === null) return answer
    if (isRedirection(error)) return 'moved'
    throw error instanceof Error ? error : unexpectedReply('a reply or an error')
  })
}
