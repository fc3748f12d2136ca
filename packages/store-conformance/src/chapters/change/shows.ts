import type { TokenStore } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { sampleRotation } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, given, givenMany, neighbourOf, sampleRecord } from '../../steps/sample-token.ts'
import { USUAL } from '../../steps/steps-on.ts'
import { keptUnder, look, storeIn, wanting } from './one-step.ts'

const PROVES: readonly string[] = [
  'Shows the wanted data to `decide`',
  'its predecessor and its successor',
  'Tokens of other owners are missing',
  'The request kept under the key, expired or not',
  "how many of the owner's tokens are active at an instant, of some prefixes",
  'How many tokens are active; `null`',
  'How many keys have not expired; `null`',
  'So a store may show without a lock',
]

export const shows: Chapter = chapter('change shows', PROVES, (it) => {
  it('shows the wanted tokens of the owner, and misses what the owner does not have', async ({
    expect,
    store,
    stores,
  }) => {
    const [token, other] = [await given(store, { lastUsedAt: NOW + 1 }), await given(store, { suspendedAt: NOW })]
    const foreign = await given(store, { owner: neighbourOf(OWNER) })
    for (const handle of stores) {
      const seen = await look(handle, wanting([token.id, 'unknown', foreign.id, other.id]))
      expect(seen).toMatchObject({
        records: new Map([token, other].map((each) => [each.id, each])),
        kept: null,
        active: null,
        keys: null,
      })
    }
  })

  it('shows each token with its predecessor and its successor', async ({ expect, store, stores }) => {
    const first = await given(store)
    const chain = [first.id]
    for (let count = 0; count < 2; count += 1) {
      const rotation = sampleRotation()
      await store.rotate(OWNER, chain.at(-1) ?? '', rotation)
      chain.push(rotation.successor.id)
    }
    const handle = storeIn(stores)
    const showing = async (id = '') => [...(await look(handle, wanting([id]))).records.keys()].toSorted()
    expect(await showing(chain[0])).toEqual(chain.slice(0, 2).toSorted())
    expect(await showing(chain[1])).toEqual(chain.toSorted())
    expect(await showing(chain[2])).toEqual(chain.slice(1).toSorted())
  })

  it('shows what is kept under a key of the owner, also once that expired', async ({ expect, store, stores }) => {
    const token = await given(store)
    const kept = keptUnder('key', token)
    await store.insert(sampleRecord({ owner: 'other' }), {
      ...{ now: NOW, activeLimit: null },
      idempotency: { key: 'key', fingerprint: 'another', expiresAt: NOW + 9 },
    })
    await storeIn(stores).change(OWNER, wanting([], { key: 'key' }), () => ({ answer: null, keep: kept }))
    for (const handle of stores) {
      expect(await look(handle, wanting([], { key: 'key' }))).toMatchObject({ kept })
      expect(await look(handle, wanting([], { key: 'Key' }))).toMatchObject({ kept: null })
    }
  })

  it('shows a sealed secret as it was kept with its token', async ({ expect, store, stores }) => {
    const token = await given(store)
    const kept = keptUnder('key', token, 'v1.a-Z_0')
    await storeIn(stores).change(OWNER, wanting([], { key: 'key' }), () => ({ answer: null, keep: kept }))
    for (const handle of stores) expect(await look(handle, wanting([], { key: 'key' }))).toMatchObject({ kept })
  })

  it('counts the tokens that are active at an instant', async ({ expect, store, stores }) => {
    await givenMany(store, 2)
    await given(store, { expiresAt: NOW + 5 })
    await given(store, { suspendedAt: NOW })
    await given(store, { revokedAt: NOW })
    const rotated = await given(store)
    await store.rotate(OWNER, rotated.id, sampleRotation())
    for (const handle of stores) {
      expect((await look(handle, wanting([], { active: { at: NOW + 4, ...USUAL } }))).active).toBe(5)
      expect((await look(handle, wanting([], { active: { at: NOW + 5, ...USUAL } }))).active).toBe(4)
    }
  })

  it('shows the same to a decision that writes nothing', async ({ expect, store, stores }) => {
    const token = await given(store)
    const wants = wanting([token.id, 'unknown'], { key: 'key', keysAt: NOW, active: { at: NOW, ...USUAL } })
    const kept = keptUnder('key', token)
    await storeIn(stores).change(OWNER, wants, () => ({ answer: null, keep: kept }))
    for (const handle of stores) {
      const { latest: _, ...seen } = await look(handle, { ...wants, readOnly: true })
      expect(seen).toEqual({ records: new Map([[token.id, token]]), kept, active: 1, keys: 1 })
    }
  })

  it('counts the tokens of some prefixes', async ({ expect, store, stores }) => {
    for (const prefix of ['ot_pat', 'old_pat', 'old_pat', 'tok_live']) await given(store, { prefix })
    const countOf = async (handle: TokenStore, ...prefixes: readonly string[]) =>
      (await look(handle, wanting([], { active: { at: NOW, prefixes } }))).active
    for (const handle of stores) {
      expect(await countOf(handle, 'ot_pat')).toBe(1)
      expect(await countOf(handle, 'ot_pat', 'old_pat')).toBe(3)
      expect(await countOf(handle, 'nobodys')).toBe(0)
    }
  })
})
