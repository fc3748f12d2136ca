import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { tokensIn, witnessesOf } from '../../stage/find-token.ts'
import type { TokenName } from '../../stage/find-token.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { editAt, resumeAt, retentionAt, revocationAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { rotated, sampleRotation } from '../../steps/sample-rotation.ts'
import {
  FREELY,
  NOW,
  OWNER,
  given,
  givenMany,
  neighbourOf,
  sampleDigest,
  sampleRecord,
} from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

/** All changes of a token's life, in order. */
const CHANGES: readonly ((store: StepsOnStore, token: TokenName) => Promise<unknown>)[] = [
  (store, { owner, id }) => store.recordUse([{ owner, id, at: NOW + 1 }]),
  (store, { owner, id }) => suspendAt(store, owner, id, NOW + 2),
  (store, { owner, id }) => resumeAt(store, owner, id, NOW + 3),
  (store, { owner, id }) => store.edit(owner, id, editAt(NOW + 4, { name: 'renamed' })),
  (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`)),
  (store, token) => rotated(store, token, { at: NOW + 5 }),
  (store, { owner, id }) => revokeAt(store, owner, id, NOW + 6),
  (store) => store.prune(retentionAt(NOW + 7)),
]

/** Longer than any cache's clock may be ahead of the suite's, so there is a reason to keep the token. */
const LONG_MS = 86_400_000

/** Expects every witness to find the stored token, except for its last use. */
async function expectCurrent(stage: Stage, token: TokenName): Promise<void> {
  const { expect, store } = stage
  const kept = await store.find(token.owner, token.id)
  for (const found of await tokensIn(witnessesOf(stage), token)) {
    const mayLag = kept !== null && found !== null && (found.lastUsedAt ?? 0) <= (kept.lastUsedAt ?? 0)
    expect(mayLag ? { ...found, lastUsedAt: kept.lastUsedAt } : found).toEqual(kept)
  }
}

const PROVES: readonly string[] = ['Answers as `find` of the store', '`lastUsedAt` may lag behind']

export const findToken: Chapter = chapter('cache.findToken', PROVES, (it) => {
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
    await tokensIn(witnessesOf(stage), token)
    for (const [number, handle] of witnessesOf(stage).entries()) {
      const [at, extendTo] = [NOW + 1 + number, NOW + (number + 2) * LONG_MS]
      await handle.recordUse([{ owner, id, at, extendTo }])
      uses.push(at)
      expiries.push(extendTo)
      for (const found of await tokensIn(witnessesOf(stage), token)) {
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
        expect(await tokensIn(witnesses, name)).toEqual(witnesses.map(() => null))
      }
      expect(await tokensIn(witnesses, token)).toEqual(witnesses.map(() => token))
    }
  })

  it('distinguishes tokens whose ids are equal, or read alike behind their owners', async (stage) => {
    const { expect, store } = stage
    const witnesses = witnessesOf(stage)
    const tokens = [
      await given(store, { owner: OWNER, id: '1-a' }),
      await given(store, { owner: neighbourOf(OWNER), id: '1-a' }),
      await given(store, { owner: `${OWNER}1`, id: '-a' }),
    ]
    for (const token of [...tokens, ...tokens.toReversed()]) {
      expect(await tokensIn(witnesses, token)).toEqual(witnesses.map(() => token))
    }
  })

  it('finds a token that was looked for before it was there', async (stage) => {
    const { expect } = stage
    const witnesses = witnessesOf(stage)
    for (const handle of witnesses) {
      const token = sampleRecord()
      const { successor } = sampleRotation()
      const heir = { owner: OWNER, id: successor.id }
      for (const each of [token, heir]) expect(await tokensIn(witnesses, each)).toEqual(witnesses.map(() => null))
      await handle.insert(token, FREELY)
      expect(await tokensIn(witnesses, token)).toEqual(witnesses.map(() => token))
      await rotated(handle, token, { successor })
      expect(await tokensIn(witnesses, heir)).toMatchObject(witnesses.map(() => ({ rotatedFrom: token.id })))
      await revokeAt(handle, OWNER, token.id, NOW)
      await handle.prune(retentionAt(NOW + 1))
      expect(await tokensIn(witnesses, token)).toEqual(witnesses.map(() => null))
      await handle.insert(token, FREELY)
      expect(await tokensIn(witnesses, token)).toEqual(witnesses.map(() => token))
    }
  })
})
