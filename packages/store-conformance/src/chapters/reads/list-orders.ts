import type { SortField, TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { resumeAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { NOW, OWNER, given, givenMany, idsOf } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

/** Expects an order and, the other way round, its exact reverse. */
async function expectOrder(
  { store, expect }: Stage,
  by: SortField,
  ascending: readonly (string | undefined)[],
): Promise<void> {
  expect(await idsOf(store, { sort: { by, direction: 'asc' } })).toEqual(ascending)
  expect(await idsOf(store, { sort: { by, direction: 'desc' } })).toEqual(ascending.toReversed())
}

async function givenInOrder(store: StepsOnStore, facts: readonly Partial<TokenRecord>[]): Promise<string[]> {
  const ids: string[] = []
  for (const each of facts) ids.push((await given(store, each)).id)
  return ids
}

const PROVES: readonly string[] = [
  'ties go by id, in the same direction',
  'An unused token sorts as used before all others.',
  'sorts by the status without regard to expiry',
]

export const listOrders: Chapter = chapter('list: orders', PROVES, (it) => {
  it('sorts by creation, whatever the order of insertion', async (stage) => {
    const [c, a, d, b] = await givenInOrder(
      stage.store,
      [30, 10, 40, 20].map((createdAt) => ({ createdAt: NOW + createdAt })),
    )
    await expectOrder(stage, 'createdAt', [a, b, c, d])
  })

  it('sorts by creation, ties by id in the same direction', async (stage) => {
    for (const id of ['m', 'z', 'A', 'a', '9', '10', '_', '-']) await given(stage.store, { id })
    await expectOrder(stage, 'createdAt', ['-', '10', '9', 'A', '_', 'a', 'm', 'z'])
  })

  it('sorts by id, by code unit', async (stage) => {
    const ids = ['m', 'z', 'A', 'a', '9', '10', '_', '-']
    for (const [number, id] of ids.entries()) await given(stage.store, { id, createdAt: NOW + number })
    await expectOrder(stage, 'id', ['-', '10', '9', 'A', '_', 'a', 'm', 'z'])
  })

  it('sorts by last use, what was never used before all others, ties by id', async (stage) => {
    const uses = [NOW + 5, null, NOW + 1, null, NOW + 5]
    const [first, never, early, neverToo, last] = await givenInOrder(
      stage.store,
      uses.map((lastUsedAt) => ({ lastUsedAt })),
    )
    await expectOrder(stage, 'lastUsedAt', [never, neverToo, early, first, last])
  })

  it('sorts by last use as it is after each use', async (stage) => {
    const [a, b, c] = await givenInOrder(stage.store, [{}, {}, {}])
    await expectOrder(stage, 'lastUsedAt', [a, b, c])
    await stage.store.recordUse([{ owner: OWNER, id: a ?? '', at: NOW + 1 }])
    await expectOrder(stage, 'lastUsedAt', [b, c, a])
    await stage.store.recordUse([{ owner: OWNER, id: b ?? '', at: NOW + 2 }])
    await expectOrder(stage, 'lastUsedAt', [c, a, b])
  })

  it('sorts by stored status, active, revoked, suspended, whatever has expired', async (stage) => {
    const [expired, suspended, active, revoked, expiredToo] = await givenInOrder(stage.store, [
      { expiresAt: NOW - 1 },
      { suspendedAt: NOW },
      {},
      { revokedAt: NOW },
      { suspendedAt: NOW, expiresAt: NOW - 1 },
    ])
    await expectOrder(stage, 'status', [expired, active, revoked, suspended, expiredToo])
  })

  it('sorts by status as it is after each change', async (stage) => {
    const [a = '', b = '', c = ''] = await givenInOrder(stage.store, [{}, {}, {}])
    await expectOrder(stage, 'status', [a, b, c])
    await suspendAt(stage.store, OWNER, a, NOW + 1)
    await expectOrder(stage, 'status', [b, c, a])
    await revokeAt(stage.store, OWNER, b, NOW + 2)
    await expectOrder(stage, 'status', [c, b, a])
    await resumeAt(stage.store, OWNER, a, NOW + 3)
    await expectOrder(stage, 'status', [a, c, b])
  })

  it('takes in new tokens in every order that was read before', async (stage) => {
    const fields = ['createdAt', 'id', 'lastUsedAt', 'status'] as const
    await given(stage.store, { id: 'b' })
    for (const by of fields) await expectOrder(stage, by, ['b'])
    await given(stage.store, { id: 'c' })
    await given(stage.store, { id: 'a' })
    for (const by of fields) await expectOrder(stage, by, ['a', 'b', 'c'])
  })

  it('keeps an order that writes do not concern', async (stage) => {
    const tokens = await givenMany(stage.store, 5, (number) => ({ createdAt: NOW + number }))
    const ids = tokens.map(({ id }) => id)
    await stage.store.recordUse(ids.map((id, number) => ({ owner: OWNER, id, at: NOW - number })))
    await suspendAt(stage.store, OWNER, ids[0] ?? '', NOW + 9)
    await revokeAt(stage.store, OWNER, ids[2] ?? '', NOW + 9)
    await expectOrder(stage, 'createdAt', ids)
    await expectOrder(stage, 'id', ids)
  })
})
