import type { TokenRecord, TokenStore } from '@tessera/core'
import { escapeText } from './compact-text.ts'
import type { Argument } from './client.ts'
import { storeErrorOf } from './failure.ts'
import { listIn, recordIn, recordOf } from './reply.ts'
import { FIND } from './scripts/find.ts'
import type { Session } from './session.ts'

const OPERATION = 'find a token by its digest'

/** Finds records by digest: one GET each; several digests, which live in one slot, are one MGET. */
export function createFindByDigest(session: Session): TokenStore['findByDigest'] {
  const { send, keys, operate } = session
  const read = (command: string, args: Argument[]) => operate(OPERATION, () => send(command, args))

  return async (digests, shard) => {
    const [digest = '', ...retired] = digests
    if (digests.length === 0) return null
    if (retired.length === 0) return found(await read('get', [keys.ofDigest(digest, shard)]), digest)
    const names = digests.map((each) => keys.ofDigest(each, shard))
    return foundAmong(await read('mget', names), digests)
  }
}

/** Read after the operation, whose promises are few for the sake of speed: a wrong reply is its failure all the same. */
function found(reply: unknown, digest: string): TokenRecord | null {
  try {
    return recordIn(reply, digest)
  } catch (error) {
    throw storeErrorOf(OPERATION, error)
  }
}

function foundAmong(reply: unknown, digests: readonly string[]): TokenRecord | null {
  try {
    const texts = listIn(reply, digests.length)
    const index = texts.findIndex((text) => text !== null)
    return index === -1 ? null : recordIn(texts[index], digests[index] ?? '')
  } catch (error) {
    throw storeErrorOf(OPERATION, error)
  }
}

export async function findToken(
  { keys, isCluster, run }: Session,
  owner: string,
  id: string,
): Promise<TokenRecord | null> {
  const { stem, digests } = keys.ofOwner(owner)
  const reply = await run(FIND, [digests], [stem, isCluster, escapeText(id)])
  return reply === null ? null : recordOf(listIn(reply, 2))
}
