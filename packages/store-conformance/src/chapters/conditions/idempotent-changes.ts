import type { Idempotency, RotateOutcome, TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { changeAt, editAt, retentionAt, revokeAt } from '../../steps/change-at.ts'
import { sampleRotation } from '../../steps/sample-rotation.ts'
import { FREELY, NOW, OWNER, given, neighbourOf, sampleRecord } from '../../steps/sample-token.ts'
import type { ChangeAnswer, StepsOnStore } from '../../steps/steps-on.ts'

type Step = (
  store: StepsOnStore,
  id: string,
  change: { readonly at: number; readonly idempotency: Idempotency | null },
  owner?: string,
) => Promise<ChangeAnswer | RotateOutcome>

const STEPS: Readonly<Record<string, Step>> = {
  revoke: (store, id, change, owner = OWNER) => store.revoke(owner, id, { ...change, reason: 'leaked' }),
  suspend: (store, id, change, owner = OWNER) => store.suspend(owner, id, change),
  resume: (store, id, change, owner = OWNER) => store.resume(owner, id, change),
  edit: (store, id, change, owner = OWNER) => store.edit(owner, id, editAt(change.at, { ...change, name: 'renamed' })),
  rotate: (store, id, change, owner = OWNER) => store.rotate(owner, id, sampleRotation(change)),
}

const KEY: Idempotency = { key: 'deploy-42', fingerprint: 'a', expiresAt: NOW + 1_000 }
const CONFLICT = { outcome: 'idempotency_conflict' }

/** The answer to a repeated request: the changed token, or the new one. */
function madeBy(answer: ChangeAnswer | RotateOutcome): TokenRecord {
  if (answer.outcome === 'rotated') return answer.successor
  if (answer.outcome === 'done') return answer.record
  throw new Error(`a step that is possible was not made: ${answer.outcome}`)
}

async function givenFor(name: string, store: StepsOnStore, owner = OWNER): Promise<TokenRecord> {
  return given(store, { owner, suspendedAt: name === 'resume' ? NOW - 1 : null })
}

const PROVES: readonly string[] = [
  'A request with one effect, however often it is sent.',
  "All steps share one owner's keys",
  'A token as it was then',
]

export const idempotentChanges: Chapter = chapter('idempotency of changes', PROVES, (it) => {
  for (const [name, step] of Object.entries(STEPS)) {
    it(`${name} answers an equal request as the first, whatever became of the token`, async ({ expect, store }) => {
      const { id } = await givenFor(name, store)
      const record = madeBy(await step(store, id, { at: NOW, idempotency: KEY }))
      const replayed = { outcome: 'replayed', record }
      expect(await step(store, id, { at: NOW + 1, idempotency: KEY })).toEqual(replayed)
      await store.recordUse([{ owner: OWNER, id, at: NOW + 2 }])
      await revokeAt(store, OWNER, id, NOW + 2)
      expect(await step(store, id, { at: NOW + 3, idempotency: KEY })).toEqual(replayed)
      await revokeAt(store, OWNER, record.id, NOW + 3)
      const revoked = await store.find(OWNER, record.id)
      // A rotation is answered again as long as its answer is true.
      const isRotation = record.id !== id
      const ended = isRotation ? { outcome: 'successor_ended', record: revoked } : replayed
      expect(await step(store, id, { at: NOW + 3, idempotency: KEY })).toEqual(ended)
      expect(await store.find(OWNER, record.id)).toEqual(revoked)
      await store.prune(retentionAt(NOW + 4))
      const gone = isRotation ? { outcome: 'successor_ended', record } : replayed
      expect(await step(store, id, { at: NOW + 5, idempotency: KEY })).toEqual(gone)
      expect(await store.findRequest(OWNER, KEY, NOW + 5)).toEqual(replayed)
    })

    it(`${name} refuses another request under the key, and changes nothing`, async ({ expect, store }) => {
      const { id } = await givenFor(name, store)
      await store.insert(sampleRecord(), { ...FREELY, idempotency: KEY })
      const before = await store.find(OWNER, id)
      const other = { ...KEY, fingerprint: 'b' }
      expect(await step(store, id, { at: NOW, idempotency: other })).toEqual(CONFLICT)
      expect(await step(store, 'unknown', { at: NOW, idempotency: other })).toEqual(CONFLICT)
      expect(await store.find(OWNER, id)).toEqual(before)
    })

    it(`${name} holds the key until the instant of its expiry, for its owner`, async ({ expect, store }) => {
      const { id } = await givenFor(name, store)
      await step(store, id, { at: NOW, idempotency: KEY })
      const other = { ...KEY, fingerprint: 'b', expiresAt: NOW + 5_000 }
      const rename = (at: number) => store.edit(OWNER, id, editAt(at, { idempotency: other, name: 'other' }))
      expect(await rename(NOW + 999)).toEqual(CONFLICT)
      expect(await rename(NOW + 1_000)).not.toEqual(CONFLICT)
      for (const owner of ['other', neighbourOf(OWNER)]) {
        const theirs = await givenFor(name, store, owner)
        expect(madeBy(await step(store, theirs.id, { at: NOW, idempotency: other }, owner))).toMatchObject({ owner })
      }
    })

    it(`${name} leaves the key free where it is refused`, async ({ expect, store }) => {
      const { id } = await givenFor(name, store)
      await revokeAt(store, OWNER, id, NOW)
      const refused = ['not_found', name === 'revoke' ? 'not_found' : 'not_allowed']
      const outcomes = [
        await step(store, 'unknown', { at: NOW, idempotency: KEY }),
        await step(store, name === 'revoke' ? 'other' : id, { at: NOW, idempotency: KEY }),
      ]
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(refused)
      expect(await store.findRequest(OWNER, KEY, NOW)).toBeNull()
      const next = sampleRecord()
      const idempotency = { ...KEY, fingerprint: 'b' }
      expect(await store.insert(next, { ...FREELY, idempotency })).toEqual({ outcome: 'inserted' })
    })

    it(`${name} has one effect for 50 who send the key at the same time`, async ({ expect, store, handles }) => {
      const { id } = await givenFor(name, store)
      const answers = await race(
        handles,
        crowd(50, (handle, number) => step(handle, id, { at: NOW + number, idempotency: KEY })),
      )
      const [first, ...more] = answers.filter(({ outcome }) => outcome === 'done' || outcome === 'rotated')
      expect(more).toEqual([])
      const record = first && madeBy(first)
      const others = answers.filter((answer) => answer !== first)
      expectAlike(expect, others, { outcome: 'replayed', record }, `${name} of the token ${id} under one key`)
      expect(await store.find(OWNER, record?.id ?? '')).toEqual(record)
    })
  }

  it('keeps the answer of a step that had nothing to change', async ({ expect, store }) => {
    const token = await given(store)
    const change = { at: NOW + 1, idempotency: KEY }
    expect(await store.resume(OWNER, token.id, change)).toEqual({ outcome: 'done', record: token })
    await store.suspend(OWNER, token.id, changeAt(NOW + 2))
    expect(await store.resume(OWNER, token.id, { ...change, at: NOW + 3 })).toEqual({
      outcome: 'replayed',
      record: token,
    })
    expect(await store.find(OWNER, token.id)).toMatchObject({ suspendedAt: NOW + 2 })
  })

  it('leaves the key free if a step is refused', async ({ expect, store }) => {
    const { id } = await given(store, { suspendedAt: NOW + 5 })
    const outdated = { outcome: 'outdated' }
    const change = { at: NOW, idempotency: KEY }
    expect(await store.resume(OWNER, id, change)).toMatchObject(outdated)
    const widening = editAt(NOW, { ...change, scopes: ['more'], narrowOnly: true })
    expect(await store.edit(OWNER, id, widening)).toMatchObject({ outcome: 'insufficient_scope' })
    const active = await given(store)
    const rotation = sampleRotation(change)
    const taken = { ...rotation, successor: { ...rotation.successor, id } }
    expect(await store.rotate(OWNER, active.id, taken)).toEqual({ outcome: 'id_taken' })
    await store.rotate(OWNER, active.id, sampleRotation())
    const sealed = { ...rotation, sealedSuccessor: 'v1.sealed' }
    expect(await store.rotate(OWNER, active.id, sealed)).toMatchObject({ outcome: 'already_rotated' })
    expect(await store.findRequest(OWNER, KEY, NOW)).toBeNull()
  })

  it('findRequest shows the decision under a key, to its owner and as long as it holds', async ({ expect, store }) => {
    const record = sampleRecord()
    await store.insert(record, { ...FREELY, idempotency: KEY })
    expect(await store.findRequest(OWNER, KEY, NOW + 999)).toEqual({ outcome: 'replayed', record })
    expect(await store.findRequest(OWNER, { ...KEY, fingerprint: 'b' }, NOW)).toEqual(CONFLICT)
    expect(await store.findRequest(OWNER, KEY, NOW + 1_000)).toBeNull()
    expect(await store.findRequest(OWNER, { ...KEY, key: 'DEPLOY-42' }, NOW)).toBeNull()
    for (const owner of ['other', neighbourOf(OWNER)]) expect(await store.findRequest(owner, KEY, NOW)).toBeNull()
  })
})
