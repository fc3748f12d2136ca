import { shardOf } from '@tessera/core'
import type { CachedRecord, TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { editAt, resumeAt, revocationAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { rotated } from '../../steps/sample-rotation.ts'
import { NOW, given, sampleDigest } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

type Work = (store: StepsOnStore, token: TokenRecord) => Promise<unknown>

/** All changes of a token, suspended or not, in a store that may cache its record. */
const CHANGES: readonly Work[] = [
  (store, { owner, id }) => store.recordUse([{ owner, id, at: NOW + 1 }]),
  (store, { owner, id }) => suspendAt(store, owner, id, NOW + 2),
  (store, { owner, id }) => resumeAt(store, owner, id, NOW + 3),
  (store, { owner, id }) => store.edit(owner, id, editAt(NOW + 4, { name: 'renamed' })),
  (store, token) => rotated(store, token, { at: NOW + 5 }),
  (store, { owner, id }) => revokeAt(store, owner, id, NOW + 6),
]

/** Looks like a verification: first for a current cached record, then in the store. */
async function cachedUnder(store: StepsOnStore, digest: string): Promise<CachedRecord | null> {
  const { cache } = store
  if (cache?.has([digest]) !== true) return null
  await cache.confirm?.()
  return cache.find([digest], NOW)
}

async function presented(store: StepsOnStore, { digest, owner }: TokenRecord): Promise<TokenRecord | null> {
  const cached = await cachedUnder(store, digest)
  return cached === null ? store.findByDigest([digest], shardOf(owner)) : cached.record
}

/** Looks for a token until the store caches it, if it does, and makes a note on the record. */
async function accepted(store: StepsOnStore, token: TokenRecord): Promise<object> {
  const memo = {}
  await presented(store, token)
  const cached = await cachedUnder(store, token.digest)
  if (cached !== null) cached.memo = memo
  return memo
}

const PROVES: readonly string[] = [
  'Whether a record is cached under one of `digests`',
  'if it is up to date at `now`',
  'Resolves once the cache is up to date for this caller.',
  'A store makes it `null`, and drops it with the record.',
]

export const cachedRecords: Chapter = chapter('cached records', PROVES, (it) => {
  it('are what the store has, after every change', async ({ expect, store }) => {
    const token = await given(store)
    for (const change of CHANGES) {
      await accepted(store, token)
      await change(store, token)
      expect(await presented(store, token)).toEqual(await store.find(token.owner, token.id))
    }
  })

  it('lose what was made of them with every change', async ({ expect, store }) => {
    const token = await given(store)
    for (const change of CHANGES) {
      const memo = await accepted(store, token)
      await change(store, token)
      expect((await cachedUnder(store, token.digest))?.memo ?? null).not.toBe(memo)
    }
  })

  it('are gone with the revocation of all, with another digest, and with the time of a predecessor', async ({
    expect,
    store,
  }) => {
    const [first, rekeyed] = [await given(store), await given(store)]
    const { record, successor } = await rotated(store, await given(store))
    for (const each of [first, rekeyed, record, successor]) await accepted(store, each)
    await store.completeRotation(successor.owner, successor.id, NOW + 1)
    expect((await presented(store, record))?.revokedAt).toBe(NOW + 1)
    expect((await presented(store, successor))?.overlapEndsAt).toBeNull()
    await store.rekey(rekeyed.owner, rekeyed.id, sampleDigest(`${rekeyed.id} peppered`))
    expect(await presented(store, rekeyed)).toBeNull()
    await store.revokeAll(first.owner, { ...revocationAt(NOW + 2), exceptId: null, issuedBefore: null, scope: null })
    expect((await presented(store, first))?.revokedAt).toBe(NOW + 2)
  })

  it("are nobody else's", async ({ expect, store }) => {
    const token = await given(store)
    await accepted(store, token)
    const unknown = sampleDigest('never issued')
    expect(await cachedUnder(store, unknown)).toBeNull()
    expect(store.cache?.find([unknown], NOW) ?? null).toBeNull()
  })
})
