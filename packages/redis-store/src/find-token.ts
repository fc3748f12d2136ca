import type { TokenRecord, TokenStore } from '@tessera/core'
import { escapeText } from './compact-text.ts'
import type { Argument } from './client.ts'
import { readRecord } from './record-text.ts'
import { listOf, recordAt } from './reply.ts'
import { FIND } from './scripts/find.ts'
import type { Session } from './session.ts'

/** Finds records by digest: one GET each; several digests, which live in one slot, are one MGET. */
export function createFindByDigest(session: Session): TokenStore['findByDigest'] {
  const { send, keys, operate } = session
  const read = (command: string, args: Argument[]) => operate('find a token by its digest', () => send(command, args))

  return async (digests, shard) => {
    const [digest = '', ...retired] = digests
    if (digests.length === 0) return null
    if (retired.length === 0) return recordIn(await read('get', [keys.ofDigest(digest, shard)]), digest)
    const names = digests.map((each) => keys.ofDigest(each, shard))
    const texts = listOf(await read('mget', names))
    const index = texts.findIndex((text) => text !== null)
    return recordIn(texts[index], digests[index] ?? '')
  }
}

export async function findToken(
  { keys, isCluster, run }: Session,
  owner: string,
  id: string,
): Promise<TokenRecord | null> {
  const { stem, digests } = keys.ofOwner(owner)
  const reply = await run(FIND, [digests], [stem, isCluster, escapeText(id)])
  return recordAt(listOf(reply), 0)
}

function recordIn(text: unknown, digest: string): TokenRecord | null {
  return Buffer.isBuffer(text) ? readRecord(text, digest) : null
}
