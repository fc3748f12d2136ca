import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { everyAt } from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { REQUEST } from '../../testing/seen.ts'
import { guardStore } from '../setup/guard-store.ts'
import type { GuardedStore } from '../setup/guard-store.ts'
import type { Step } from '../steps/decision/decision.ts'
import { revoke } from '../steps/revoke.ts'
import type { TokenRecord } from '../token/token.ts'
import { revokeMany } from './revoke-many.ts'

const KEYED = everyAt(NOW + 5, { idempotency: REQUEST })

/** A store with an owner's tokens, whose steps are counted, and of which one can fail. */
async function given(count: number, facts: (number: number) => Partial<TokenRecord> = () => ({})) {
  const store = memoryStore()
  const guarded = guardStore(store, ['ot_pat'])
  const records = Array.from({ length: count }, (_, number) =>
    sampleRecord({ createdAt: NOW + number, ...facts(number) }),
  )
  for (const record of records) await guarded.insert(record, FREELY)
  const taken: Step<unknown>['wants'][] = []
  const state = { failingStep: Number.POSITIVE_INFINITY }
  const taker: GuardedStore = {
    ...guarded,
    async take(owner, step) {
      taken.push(step.wants)
      if (taken.length === state.failingStep) throw new Error('down')
      return guarded.take(owner, step)
    },
  }
  const before = await store.feed.revision()
  const announced = async () => {
    const { digests, owners } = await store.feed.changesSince(before)
    return { digests, owners: owners ?? [] }
  }
  return { taker, guarded, records, taken, state, announced }
}

describe('revokeMany', () => {
  it('revokes many tokens in bounded steps, and announces the owner instead of each token', async () => {
    const { taker, taken, announced, guarded, records } = await given(450)
    expect(await revokeMany(taker, 'acme', everyAt(NOW + 500))).toEqual({ outcome: 'done', revoked: 450 })
    expect(taken.map(({ ids }) => ids.length)).toEqual([200, 200, 50, 0])
    expect(await announced()).toEqual({ digests: [], owners: ['acme'] })
    for (const { id } of records) expect(await guarded.find('acme', id)).toMatchObject({ revokedAt: NOW + 500 })
  })

  it('takes no step for a page on which nothing is meant', async () => {
    const { taker, taken, records } = await given(450, (number) => ({ scopes: number < 400 ? ['a'] : ['b'] }))
    expect(await revokeMany(taker, 'acme', everyAt(NOW + 5, { scope: 'b' }))).toMatchObject({ revoked: 50 })
    expect(taken.map(({ ids }) => ids)).toEqual([records.slice(400).map(({ id }) => id), []])
  })

  it('announces the owner also if nothing is left to revoke: a call before may have failed', async () => {
    const { taker, announced } = await given(1, () => ({ revokedAt: NOW }))
    expect(await revokeMany(taker, 'acme', everyAt(NOW + 5))).toEqual({ outcome: 'done', revoked: 0 })
    expect(await announced()).toEqual({ digests: [], owners: ['acme'] })
  })

  it('that failed in between has announced what it revoked, and revokes the rest when it is repeated', async () => {
    const { taker, state, announced } = await given(450)
    state.failingStep = 2
    await expect(revokeMany(taker, 'acme', everyAt(NOW + 5))).rejects.toThrow('down')
    expect(await announced()).toEqual({ digests: [], owners: ['acme'] })
    expect(await revokeMany(taker, 'acme', everyAt(NOW + 6))).toEqual({ outcome: 'done', revoked: 250 })
    expect(await announced()).toEqual({ digests: [], owners: ['acme'] })
  })

  it('claims the key first and answers it last, so that one that failed may go on', async () => {
    const { taker, guarded, state, taken } = await given(450)
    state.failingStep = 4
    await expect(revokeMany(taker, 'acme', KEYED)).rejects.toThrow('down')
    expect(taken.map(({ key, ids }) => [key, ids.length])).toEqual([
      [REQUEST.key, 0],
      [null, 200],
      [null, 200],
      [null, 50],
    ])
    const other = { ...REQUEST, fingerprint: 'b' }
    const conflict = { outcome: 'idempotency_conflict' }
    expect(await revokeMany(taker, 'acme', { ...KEYED, idempotency: other })).toEqual(conflict)
    expect(await guarded.take('acme', revoke('unknown', KEYED))).toEqual(conflict)
    expect(await revokeMany(taker, 'acme', KEYED)).toEqual({ outcome: 'done', revoked: 50 })
    expect(await revokeMany(taker, 'acme', KEYED)).toEqual({ outcome: 'replayed', revoked: 50 })
  })

  it('revokes nothing under a key that was answered, but announces the owner again', async () => {
    const { taker, taken, guarded, announced } = await given(1)
    await revokeMany(taker, 'acme', KEYED)
    const late = sampleRecord()
    await guarded.insert(late, FREELY)
    taken.length = 0
    expect(await revokeMany(taker, 'acme', KEYED)).toEqual({ outcome: 'replayed', revoked: 1 })
    expect(taken).toEqual([{ ids: [], key: REQUEST.key }])
    expect(await guarded.find('acme', late.id)).toMatchObject({ revokedAt: null })
    expect(await announced()).toEqual({ digests: [], owners: ['acme'] })
  })
})
