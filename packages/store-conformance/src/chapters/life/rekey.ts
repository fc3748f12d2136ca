import { shardOf } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { revokeAt } from '../../steps/change-at.ts'
import { NOW, OWNER, given, sampleDigest } from '../../steps/sample-token.ts'

const SHARD = shardOf(OWNER)

const PROVES: readonly string[] = ['no two of these belong to different records', 'read in one step']

export const rekey: Chapter = chapter('rekey', PROVES, (it) => {
  it('keeps the token under the other digest and changes nothing else', async ({ expect, store }) => {
    const token = await given(store, { lastUsedAt: NOW + 1, suspendedAt: NOW + 2 })
    const digest = sampleDigest(`${token.id} peppered`)
    await store.rekey(token.owner, token.id, digest)
    expect(await store.findByDigest([digest], SHARD)).toEqual({ ...token, digest })
    expect(await store.find(token.owner, token.id)).toEqual({ ...token, digest })
  })

  it('leaves nothing under the digest before', async ({ expect, store }) => {
    const { owner, id, digest } = await given(store)
    await store.rekey(owner, id, sampleDigest(`${id} peppered`))
    expect(await store.findByDigest([digest], SHARD)).toBeNull()
  })

  it('lets the token be found by the old and the new digest together, before and after', async ({ expect, store }) => {
    const { owner, id, digest } = await given(store)
    const both = [sampleDigest(`${id} peppered`), digest] as const
    expect((await store.findByDigest(both, SHARD))?.id).toBe(id)
    await store.rekey(owner, id, both[0])
    expect((await store.findByDigest(both, SHARD))?.id).toBe(id)
  })

  it('is never seen half done by those who look for both digests', async ({ expect, store, handles }) => {
    const { owner, id, digest } = await given(store)
    const next = sampleDigest(`${id} peppered`)
    const look = crowd(40, async (handle) => (await handle.findByDigest([next, digest], SHARD))?.id)
    const change = async () => {
      await store.rekey(owner, id, next)
      return id
    }
    const seen = await race(handles, [...look.slice(0, 20), change, ...look.slice(20)])
    expectAlike(expect, seen, id, `the id under the digests ${next} and ${digest}`)
  })

  it('changes nothing when the digest is the same, or done twice', async ({ expect, store }) => {
    const token = await given(store)
    await store.rekey(token.owner, token.id, token.digest)
    expect(await store.findByDigest([token.digest], SHARD)).toEqual(token)
    const digest = sampleDigest(`${token.id} peppered`)
    await store.rekey(token.owner, token.id, digest)
    await store.rekey(token.owner, token.id, digest)
    expect(await store.findByDigest([digest], SHARD)).toEqual({ ...token, digest })
  })

  it('passes over an unknown id', async ({ expect, store }) => {
    await given(store)
    const digest = sampleDigest('of nothing')
    await store.rekey(OWNER, 'unknown', digest)
    expect(await store.findByDigest([digest], SHARD)).toBeNull()
    expect(await store.find(OWNER, 'unknown')).toBeNull()
  })

  it('keeps a revoked token revoked, and lets a token be revoked afterwards', async ({ expect, store }) => {
    const gone = await given(store, { revokedAt: NOW + 1 })
    const live = await given(store)
    await store.rekey(gone.owner, gone.id, sampleDigest(`${gone.id} peppered`))
    await store.rekey(live.owner, live.id, sampleDigest(`${live.id} peppered`))
    await revokeAt(store, live.owner, live.id, NOW + 2)
    for (const [{ id }, revokedAt] of [
      [gone, NOW + 1],
      [live, NOW + 2],
    ] as const) {
      expect(await store.findByDigest([sampleDigest(`${id} peppered`)], SHARD)).toMatchObject({ id, revokedAt })
    }
  })
})
