import type { TokenRecord } from '@tessera/core'
import { escapeText } from './compact-text.ts'
import { packDigest } from './packed-digest.ts'
import { readRecord } from './record-text.ts'
import { listOf, recordAt } from './reply.ts'
import { FIND } from './scripts/find.ts'
import type { Session } from './session.ts'

/** One GET; several digests, which live in one slot, are one MGET. */
export async function findByDigest(
  { client, keys }: Session,
  digests: readonly string[],
  shard: string,
): Promise<TokenRecord | null> {
  if (digests.length === 0) return null
  const stem = Buffer.from(keys.stem(shard))
  const names = digests.map((digest) => Buffer.concat([stem, packDigest(digest)]))
  const texts = names.length === 1 ? [await client.callBuffer('get', names)] : await client.callBuffer('mget', names)
  for (const [index, text] of listOf(texts).entries()) {
    if (Buffer.isBuffer(text)) return readRecord(text.toString(), digests[index] ?? '')
  }
  return null
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
