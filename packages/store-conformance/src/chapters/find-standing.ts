import type { TokenStore } from '@tessera/core'
import { changeAt, resumeAt, retentionAt, revocationAt, revokeAt, suspendAt } from '../change-at.ts'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { standingsOf, witnessesOf } from '../read-standing.ts'
import type { TokenName } from '../read-standing.ts'
import { rotated, sampleRotation } from '../sample-rotation.ts'
import { FREELY, NOW, OWNER, given, givenMany, neighbourOf, sampleDigest, sampleRecord } from '../sample-token.ts'
import type { Stage } from '../store-under-test.ts'

/** All that can become of a token, each after the ones before it. */
const CHANGES: readonly ((store: TokenStore, token: TokenName) => Promise<unknown>)[] = [
  (store, { owner, id }) => store.recordUse([{ owner, id, at: NOW + 1 }]),
  (store, { owner, id }) => suspendAt(store, owner, id, NOW + 2),
  (store, { owner, id }) => resumeAt(store, owner, id, NOW + 3),
  (store, { owner, id }) => store.edit(owner, id, { ...changeAt(NOW + 4), name: 'renamed', scopes: null }),
  (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`)),
  (store, token) => rotated(store, token, { at: NOW + 5 }),
  (store, { owner, id }) => revokeAt(store, owner, id, NOW + 6),
  (store) => store.prune(retentionAt(NOW + 7)),
]

/** Longer than the clock of any cache may be ahead of the suite's, so that it has a reason to keep the token. */
const LONG_MS = 86_400_000

/** Expects that every witness finds what the store keeps, but for a last use that it need not know of. */
async function expectCurrent(stage: Stage, token: TokenName): Promise<void> {
  const { expect, store } = stage
  const kept = await store.find(token.owner, token.id)
  for (const found of await standingsOf(witnessesOf(stage), token)) {
    const mayLag = kept !== null && found !== null && (found.lastUsedAt ?? 0) <= (kept.lastUsedAt ?? 0)
    expect(mayLag ? { ...found, lastUsedAt: kept.lastUsedAt } : found).toEqual(kept)
  }
}

export const findStanding: Chapter = chapter('findStanding', (it) => {
  it('answers what find answers, after every change', async (stage) => {
    for (const handle of witnessesOf(stage)) {
      const token = await given(stage.store)
      await expectCurrent(stage, token)
      for (const change of CHANGES) {
        await change(handle, token)
        await expectCurrent(stage, token)
      }
    }
  })

  it('answers what find answers of all tokens that one step changes', async (stage) => {
    const all = { ...revocationAt(NOW + 3), exceptId: null, issuedBefore: null, scope: null }
    for (const handle of witnessesOf(stage)) {
      const tokens = await givenMany(stage.store, 3)
      const heirs: TokenName[] = []
      for (const token of tokens.slice(1)) heirs.push((await rotated(handle, token)).successor)
      const steps = [
        ...heirs.slice(1).map((heir) => () => handle.completeRotation(OWNER, heir.id, NOW + 1)),
        ...heirs.slice(0, 1).map((heir) => () => rotated(handle, heir, { at: NOW + 2 })),
        () => handle.revokeAll(OWNER, all),
      ]
      for (const each of [...tokens, ...heirs]) await expectCurrent(stage, each)
      for (const step of steps) {
        await step()
        for (const each of [...tokens, ...heirs]) await expectCurrent(stage, each)
      }
    }
  })

  it('lags behind with nothing but the last use and an expiry that slides, and then has an earlier one', async (stage) => {
    const { expect, store } = stage
    const token = await given(store, { expiresAt: NOW + LONG_MS })
    const { owner, id, lastUsedAt, expiresAt } = token
    const [uses, expiries] = [[lastUsedAt], [expiresAt]]
    await standingsOf(witnessesOf(stage), token)
    for (const [number, handle] of witnessesOf(stage).entries()) {
      const [at, extendTo] = [NOW + 1 + number, NOW + (number + 2) * LONG_MS]
      await handle.recordUse([{ owner, id, at, extendTo }])
      uses.push(at)
      expiries.push(extendTo)
      for (const found of await standingsOf(witnessesOf(stage), token)) {
        expect({ ...found, lastUsedAt, expiresAt }).toEqual(token)
        expect(uses).toContain(found?.lastUsedAt)
        expect(expiries).toContain(found?.expiresAt)
      }
    }
  })

  it("answers null for another owner's token and an unknown id, also when the owner has found its own", async (stage) => {
    const { expect, store } = stage
    const witnesses = witnessesOf(stage)
    const token = await given(store)
    const strangers = ['other', neighbourOf(OWNER)].map((owner) => ({ owner, id: token.id }))
    for (let time = 0; time < 2; time += 1) {
      for (const name of [...strangers, { owner: OWNER, id: 'unknown' }]) {
        expect(await standingsOf(witnesses, name)).toEqual(witnesses.map(() => null))
      }
      expect(await standingsOf(witnesses, token)).toEqual(witnesses.map(() => token))
    }
  })

  it('tells tokens apart whose ids are equal, or read alike behind their owners', async (stage) => {
    const { expect, store } = stage
    const witnesses = witnessesOf(stage)
    const tokens = [
      await given(store, { owner: OWNER, id: '1-a' }),
      await given(store, { owner: neighbourOf(OWNER), id: '1-a' }),
      await given(store, { owner: `${OWNER}1`, id: '-a' }),
    ]
    for (const token of [...tokens, ...tokens.toReversed()]) {
      expect(await standingsOf(witnesses, token)).toEqual(witnesses.map(() => token))
    }
  })

  it('finds a token that was looked for before it was there', async (stage) => {
    const { expect } = stage
    const witnesses = witnessesOf(stage)
    for (const handle of witnesses) {
      const token = sampleRecord()
      const { successor } = sampleRotation()
      const heir = { owner: OWNER, id: successor.id }
      for (const each of [token, heir]) expect(await standingsOf(witnesses, each)).toEqual(witnesses.map(() => null))
      await handle.insert(token, FREELY)
      expect(await standingsOf(witnesses, token)).toEqual(witnesses.map(() => token))
      await rotated(handle, token, { successor })
      expect(await standingsOf(witnesses, heir)).toMatchObject(witnesses.map(() => ({ rotatedFrom: token.id })))
      await revokeAt(handle, OWNER, token.id, NOW)
      await handle.prune(retentionAt(NOW + 1))
      expect(await standingsOf(witnesses, token)).toEqual(witnesses.map(() => null))
      await handle.insert(token, FREELY)
      expect(await standingsOf(witnesses, token)).toEqual(witnesses.map(() => token))
    }
  })
})
