import { shardOf } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { NOW, OWNER, given, givenMany, sampleDigest } from '../../steps/sample-token.ts'

const SHARD = shardOf(OWNER)
const UNKNOWN = sampleDigest('unknown')

const PROVES: readonly string[] = [
  'The record under one of `digests`, read in one step.',
  'then any of their records will do',
]

export const findByDigest: Chapter = chapter('findByDigest', PROVES, (it) => {
  it('finds the token with every fact that decides about it', async ({ expect, store }) => {
    const token = await given(store, {
      expiresAt: NOW + 9,
      lastUsedAt: NOW + 1,
      suspendedAt: NOW + 2,
      revokedAt: NOW + 3,
    })
    expect(await store.findByDigest([token.digest], SHARD)).toEqual(token)
  })

  it('answers null for an unknown digest and for none', async ({ expect, store }) => {
    await given(store)
    expect(await store.findByDigest([UNKNOWN], SHARD)).toBeNull()
    expect(await store.findByDigest([], SHARD)).toBeNull()
  })

  it('finds the token under whichever of several digests it is kept', async ({ expect, store }) => {
    const token = await given(store)
    expect(await store.findByDigest([token.digest, UNKNOWN], SHARD)).toEqual(token)
    expect(await store.findByDigest([UNKNOWN, sampleDigest('other'), token.digest], SHARD)).toEqual(token)
  })

  it('finds one of several tokens under as many digests', async ({ expect, store }) => {
    const tokens = await givenMany(store, 3)
    const digests = [UNKNOWN, ...tokens.map(({ digest }) => digest)]
    expect(tokens).toContainEqual(await store.findByDigest(digests, SHARD))
  })

  it('distinguishes the tokens of one owner', async ({ expect, store }) => {
    const tokens = await givenMany(store, 20)
    for (const token of tokens) expect(await store.findByDigest([token.digest], SHARD)).toEqual(token)
  })

  it('finds tokens of owners in many shards', async ({ expect, store }) => {
    const tokens = await givenMany(store, 50, (number) => ({ owner: `owner-${number}` }))
    for (const token of tokens) expect(await store.findByDigest([token.digest], shardOf(token.owner))).toEqual(token)
  })

  it('takes no part of a digest, no other case and no pattern for the digest', async ({ expect, store }) => {
    const { digest } = await given(store, { digest: sampleDigest('mixed Case') })
    const swapped = digest.replace(/[a-z]/gi, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    )
    for (const near of [digest.slice(0, -1), `${digest}A`, swapped, '*', `${digest.slice(0, -1)}?`, '', '__proto__']) {
      expect(await store.findByDigest([near], SHARD)).toBeNull()
    }
  })
})
