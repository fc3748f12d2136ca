import { setImmediate } from 'node:timers/promises'
import { shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectNames } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import type { Contender } from '../../stage/race.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { editAt, resumeAt, retentionAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { FREELY, NOW, OWNER, given, givenMany, idsOf, sampleDigest, sampleRecord } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const SHARD = shardOf(OWNER)
const EXPIRY = NOW + 10
const LATER = NOW + 50
const WRITERS = 6
const ROUNDS = 8

/** Lets writers work through their rounds while others prune, again and again, until all writers are done. */
async function raceBesidePruning(
  { handles }: Stage,
  work: (store: StepsOnStore, writer: number, round: number) => Promise<void>,
): Promise<void> {
  const atWork = new Set(Array.from({ length: WRITERS }, (_, writer) => writer))
  const pruner: Contender<void> = async (handle) => {
    for (; atWork.size > 0; await setImmediate()) await handle.prune(retentionAt(EXPIRY + 1))
  }
  const writers = crowd(WRITERS, async (handle, writer) => {
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        await work(handle, writer, round)
        await setImmediate()
      }
    } finally {
      atWork.delete(writer)
    }
  })
  await race(handles, [pruner, ...writers, pruner])
}

/** Changes of an ended token; none may bring it back. */
const RIVALS: readonly ((store: StepsOnStore, token: TokenRecord) => Promise<unknown>)[] = [
  (store, { owner, id }) => store.recordUse([{ owner, id, at: EXPIRY }]),
  (store, { owner, id }) => suspendAt(store, owner, id, EXPIRY),
  (store, { owner, id }) => resumeAt(store, owner, id, EXPIRY),
  (store, { owner, id }) => store.edit(owner, id, editAt(EXPIRY, { name: 'renamed' })),
  (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`)),
  (store, { owner, id }) => revokeAt(store, owner, id, EXPIRY),
]

const PROVES: readonly string[] = ['Each record is looked at again in the step of its removal.']

export const pruneRaces: Chapter = chapter('prune, while others are at work', PROVES, (it) => {
  it('removes no token that a use extended before it was removed', async (stage) => {
    const { store, expect } = stage
    const extended: TokenRecord[] = []
    await raceBesidePruning(stage, async (handle) => {
      const { owner, id } = await given(handle, { expiresAt: EXPIRY })
      await handle.recordUse([{ owner, id, at: EXPIRY - 1, extendTo: LATER }])
      const found = await handle.find(owner, id)
      if (found !== null) extended.push(found)
    })
    const left = await Promise.all(extended.map(({ owner, id }) => store.find(owner, id)))
    for (const [number, token] of extended.entries()) {
      expect(left[number], `the token ${token.id} by its id`).toEqual(token)
      expect(token.expiresAt, `the expiry of ${token.id}`).toBe(LATER)
      const found = await store.findByDigest([token.digest], SHARD)
      expect(found, `the token ${token.id} by its digest`).toEqual(token)
    }
    const ids = extended.map(({ id }) => id)
    expectNames(expect, (await idsOf(store)).toSorted(), ids.toSorted(), 'tokens left')
  })

  it('removes no token that was inserted under an id that pruning freed', async (stage) => {
    const { store, expect } = stage
    const inserted: TokenRecord[] = []
    await raceBesidePruning(stage, async (handle, writer, round) => {
      const { id } = await given(handle, { id: `again-${writer}-${round}`, expiresAt: EXPIRY })
      await handle.prune(retentionAt(EXPIRY + 1))
      const next = sampleRecord({ id })
      expect(await handle.insert(next, FREELY)).toEqual({ outcome: 'inserted' })
      inserted.push(next)
    })
    for (const token of inserted) {
      expect(await store.find(token.owner, token.id), `the token ${token.id} by its id`).toEqual(token)
      const found = await store.findByDigest([token.digest], SHARD)
      expect(found, `the token ${token.id} by its digest`).toEqual(token)
    }
  })

  it('removes no idempotency key that was claimed again after it had expired', async (stage) => {
    const { store, expect } = stage
    const claims: { readonly key: string; readonly record: TokenRecord }[] = []
    const under = (key: string, now: number, expiresAt: number) => ({
      ...FREELY,
      now,
      idempotency: { key, fingerprint: 'a', expiresAt },
    })
    await raceBesidePruning(stage, async (handle, writer, round) => {
      const key = `deploy-${writer}-${round}`
      await handle.insert(sampleRecord(), under(key, NOW, EXPIRY))
      const record = sampleRecord()
      expect(await handle.insert(record, under(key, EXPIRY + 1, LATER))).toEqual({ outcome: 'inserted' })
      claims.push({ key, record })
    })
    for (const { key, record } of claims) {
      const answer = await store.insert(sampleRecord(), under(key, EXPIRY + 2, LATER))
      expect(answer, `the claim of the key ${key}`).toEqual({ outcome: 'replayed', record })
    }
  })

  it('removes a token once that is changed at the same time, and leaves nothing of it', async ({
    expect,
    store,
    handles,
  }) => {
    const tokens = await givenMany(store, 24, () => ({ expiresAt: EXPIRY }))
    const live = await given(store)
    let removed = 0
    const prune = async (handle: StepsOnStore) => {
      const count = await handle.prune(retentionAt(EXPIRY + 1))
      removed += count
    }
    const changes = tokens.flatMap((token) =>
      RIVALS.map(
        (rival): Contender<unknown> =>
          (handle) =>
            rival(handle, token),
      ),
    )
    const half = changes.length / 2
    await race(handles, [...changes.slice(0, half), prune, ...changes.slice(half), prune])
    await prune(store)
    expect(removed).toBe(tokens.length)
    expect(await idsOf(store)).toEqual([live.id])
    for (const { owner, id, digest } of tokens) {
      expect(await store.find(owner, id)).toBeNull()
      expect(await store.findByDigest([digest, sampleDigest(`${id} peppered`)], SHARD)).toBeNull()
    }
  })
})
