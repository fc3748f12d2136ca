import { shardOf } from '@tessera/core'
import type { Acceptance, HeldRecord, TokenRecord, TokenStore } from '@tessera/core'
import { changeAt, resumeAt, revocationAt, revokeAt, suspendAt } from '../change-at.ts'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { rotated } from '../sample-rotation.ts'
import { NOW, given, sampleDigest } from '../sample-token.ts'

type Work = (store: TokenStore, token: TokenRecord) => Promise<unknown>

/** All that can become of a token, suspended or not, whose record a store may hold in memory. */
const CHANGES: readonly Work[] = [
  (store, { owner, id }) => store.recordUse([{ owner, id, at: NOW + 1 }]),
  (store, { owner, id }) => suspendAt(store, owner, id, NOW + 2),
  (store, { owner, id }) => resumeAt(store, owner, id, NOW + 3),
  (store, { owner, id }) => store.edit(owner, id, { ...changeAt(NOW + 4), name: 'renamed', scopes: null }),
  (store, token) => rotated(store, token, { at: NOW + 5 }),
  (store, { owner, id }) => revokeAt(store, owner, id, NOW + 6),
]

/** As a verification looks for it: what is held and counts, else what the store finds. */
async function heldUnder(store: TokenStore, digest: string): Promise<HeldRecord | null> {
  const { held } = store.findByDigest
  if (held?.has([digest]) !== true) return null
  await held.confirm?.()
  return held.find([digest], NOW)
}

async function presented(store: TokenStore, { digest, owner }: TokenRecord): Promise<TokenRecord | null> {
  const held = await heldUnder(store, digest)
  return held === null ? store.findByDigest([digest], shardOf(owner)) : held.record
}

/** Looks for a token until the store holds it, where it does such a thing, and makes something of the record. */
async function accepted(store: TokenStore, token: TokenRecord): Promise<Acceptance> {
  const acceptance = {} as Acceptance
  await presented(store, token)
  const held = await heldUnder(store, token.digest)
  if (held !== null) held.acceptance = acceptance
  return acceptance
}

export const heldRecords: Chapter = chapter('records held in memory', (it) => {
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
      const acceptance = await accepted(store, token)
      await change(store, token)
      expect((await heldUnder(store, token.digest))?.acceptance ?? null).not.toBe(acceptance)
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
    expect(await heldUnder(store, unknown)).toBeNull()
    expect(store.findByDigest.held?.find([unknown], NOW) ?? null).toBeNull()
  })
})
