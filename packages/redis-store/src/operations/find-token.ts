import type { TokenRecord, TokenStore } from '@tessera/core'
import { refusesWrites, storeErrorOf } from '../client/failure.ts'
import type { Session } from '../connection/session.ts'
import { FIND } from '../scripts/find.ts'
import { READ_TEXTS } from '../scripts/read-texts.ts'
import { escapeText } from '../text/compact-text.ts'
import { listIn, recordIn, recordOf } from '../text/reply.ts'

const OPERATION = 'find a token by its digest'

/**
 * Finds records by digest, with one command each. A single one is read with GETEX, here a write without effect: unlike
 * a GET, no replica carries it out. Several digests, and reads backed by replicas, take a script.
 */
export function createFindByDigest(session: Session): TokenStore['findByDigest'] {
  const { send, read, keys, operate, minReplicas } = session

  async function readTexts(names: readonly Buffer[]): Promise<readonly unknown[]> {
    return listIn((await read(READ_TEXTS, names, [])).reply, names.length)
  }

  async function readText(name: Buffer): Promise<unknown> {
    if (minReplicas > 0) return (await readTexts([name]))[0]
    try {
      return await send('getex', [name, 'PERSIST'])
    } catch (error) {
      if (!refusesWrites(error)) throw error
      return (await readTexts([name]))[0]
    }
  }

  return async (digests, shard) => {
    const [digest = '', ...retired] = digests
    if (digests.length === 0) return null
    if (retired.length === 0) {
      return found(await operate(OPERATION, () => readText(keys.ofDigest(digest, shard))), digest)
    }
    const names = digests.map((each) => keys.ofDigest(each, shard))
    const texts = await operate(OPERATION, () => readTexts(names))
    const index = texts.findIndex((text) => text !== null)
    return index === -1 ? null : found(texts[index], digests[index] ?? '')
  }
}

/** Read after the operation, for the sake of speed. A wrong reply is its failure all the same. */
function found(reply: unknown, digest: string): TokenRecord | null {
  try {
    return recordIn(reply, digest)
  } catch (error) {
    throw storeErrorOf(OPERATION, error)
  }
}

export async function findToken(
  { keys, isCluster, read }: Session,
  owner: string,
  id: string,
): Promise<TokenRecord | null> {
  const { stem, digests } = keys.ofOwner(owner)
  const { reply } = await read(FIND, [digests], [stem, isCluster, escapeText(id)])
  return reply === null ? null : recordOf(listIn(reply, 2))
}
