import { createHash } from 'node:crypto'
import type { TokenRecord } from '@tessera/core'
import type { Session } from '../connection/session.ts'
import { FIND } from '../scripts/find.ts'
import { escapeText } from '../text/compact-text.ts'
import { listIn, recordOf } from '../text/reply.ts'
import { askEach, scanKeys } from './scan-keys.ts'

const OPERATION = 'find a token of any owner'

/**
 * Walks over the names of all keys in small steps, and asks the index of each owner. An index of all ids would spare this
 * walk, and cost every insert and every token instead.
 *
 * A slot on the move may be overlooked: then its owner is on neither node of the walk.
 */
export async function findById(session: Session, id: string): Promise<TokenRecord | null> {
  const { keys, operate, read, isCluster } = session
  const text = escapeText(id)
  const hash = createHash('sha1').update(text).digest('hex').slice(0, 12)
  for await (const { primary, names } of scanKeys(session, OPERATION, keys.owners)) {
    const digests = await operate(OPERATION, () =>
      askEach(
        primary,
        'hget',
        names.map((name) => [name, hash]),
      ),
    )
    for (const name of names.filter((_, index) => digests[index] !== null)) {
      const args = [keys.stemOf(name), isCluster, text]
      const { reply } = await operate(OPERATION, () => read(FIND, [name], args))
      if (reply !== null) return recordOf(listIn(reply, 2))
    }
  }
  return null
}
