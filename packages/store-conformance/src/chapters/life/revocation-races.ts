import { shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike, expectNames } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import type { Contender } from '../../stage/race.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { resumeAt, retentionAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { FREELY, NOW, OWNER, given, givenMany, idsOf, sampleDigest, sampleRecord } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const SHARD = shardOf(OWNER)
const TOKENS = 25

type Rival = (store: StepsOnStore, token: TokenRecord) => Promise<unknown>

/**
 * Revokes each token while rivals are at work on it and others on the store. Expects the revocation to hold from its
 * acknowledgement on. Rivals start before it, after it or both, by turns: a later rival may repair the damage of an
 * earlier one.
 */
async function expectToHold(
  { store, handles, expect }: Stage,
  tokens: readonly TokenRecord[],
  rivals: readonly Rival[],
  others: readonly Contender<unknown>[] = [],
): Promise<void> {
  const contenders = tokens.flatMap((token, number): Contender<unknown>[] => {
    const atWork = rivals.map((rival) => against(token, rival))
    const revocation: Contender<unknown> = async (handle) => {
      const revokedAt = NOW + 100 + number
      expect(await revokeAt(handle, OWNER, token.id, revokedAt)).toMatchObject({ revokedAt })
      expect(await handle.find(OWNER, token.id)).toMatchObject({ revokedAt })
    }
    return [...(number % 3 === 1 ? [] : atWork), revocation, ...(number % 3 === 0 ? [] : atWork)]
  })
  await race(handles, [...others, ...contenders])
  for (const [number, { id }] of tokens.entries()) {
    expect(await store.find(OWNER, id)).toMatchObject({ revokedAt: NOW + 100 + number, updatedAt: NOW + 100 + number })
  }
  expectNames(
    expect,
    await idsOf(store, { statuses: ['active', 'suspended', 'expired'] }),
    [],
    'tokens that are not revoked',
  )
  const ids = tokens.map(({ id }) => id)
  expectNames(expect, await idsOf(store, { statuses: ['revoked'] }), ids, 'revoked tokens')
}

function against(token: TokenRecord, rival: Rival): Contender<unknown> {
  return (store) => rival(store, token)
}

const use: Rival = (store, { owner, id }) => store.recordUse([{ owner, id, at: NOW + 50 }])
const suspendIt: Rival = (store, { owner, id }) => suspendAt(store, owner, id, NOW + 50)
const resumeIt: Rival = (store, { owner, id }) => resumeAt(store, owner, id, NOW + 60)
const rekeyIt: Rival = (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`))
const prune: Contender<unknown> = (store) => store.prune(retentionAt(NOW + 100))

const PROVES: readonly string[] = ['Any number of processes may call it at once']

export const revocationRaces: Chapter = chapter('revoke, while others are at work on the token', PROVES, (it) => {
  it('holds against recordUse, which still takes effect', async (stage) => {
    const { store, expect } = stage
    const tokens = await givenMany(store, TOKENS)
    await expectToHold(stage, tokens, [use])
    for (const { id } of tokens) expect((await store.find(OWNER, id))?.lastUsedAt).toBe(NOW + 50)
  })

  it('holds against suspend', async (stage) => {
    await expectToHold(stage, await givenMany(stage.store, TOKENS), [suspendIt])
  })

  it('holds against resume', async (stage) => {
    await expectToHold(stage, await givenMany(stage.store, TOKENS, () => ({ suspendedAt: NOW })), [resumeIt])
  })

  it('holds against prune, which removes none that was live', async (stage) => {
    await expectToHold(stage, await givenMany(stage.store, TOKENS), [], [prune])
  })

  it('holds against rekey, under the new digest', async (stage) => {
    const { store, expect } = stage
    const tokens = await givenMany(store, TOKENS)
    await expectToHold(stage, tokens, [rekeyIt])
    for (const { id, digest } of tokens) {
      const found = await store.findByDigest([sampleDigest(`${id} peppered`)], SHARD)
      expect(found?.revokedAt).toBeGreaterThanOrEqual(NOW)
      expect(await store.findByDigest([digest], SHARD)).toBeNull()
    }
  })

  it('holds against all of them together', async (stage) => {
    await expectToHold(stage, await givenMany(stage.store, TOKENS), [suspendIt, use, rekeyIt, resumeIt], [prune])
  })

  it('holds against inserts under the idempotency key of the token', async (stage) => {
    const idempotency = { key: 'deploy-42', fingerprint: 'a', expiresAt: NOW + 1_000 }
    const token = sampleRecord()
    await stage.store.insert(token, { ...FREELY, idempotency })
    const replays: unknown[] = []
    const insertAgain: Rival = async (store) => {
      replays.push(await store.insert(sampleRecord(), { ...FREELY, idempotency }))
    }
    await expectToHold(
      stage,
      [token],
      Array.from({ length: 10 }, () => insertAgain),
    )
    expectAlike(
      stage.expect,
      replays,
      { outcome: 'replayed', record: token },
      `inserts under the key of the token ${token.id}`,
    )
  })

  it('answers null or revokes, and nothing between, when the token is inserted at the same time', async ({
    expect,
    store,
    handles,
  }) => {
    const token = sampleRecord()
    const answers = await race<unknown>(handles, [
      ...crowd(10, (handle) => revokeAt(handle, OWNER, token.id, NOW + 1)),
      (handle) => handle.insert(token, FREELY),
      ...crowd(10, (handle) => revokeAt(handle, OWNER, token.id, NOW + 1)),
    ])
    const revoked = { ...token, revokedAt: NOW + 1, revokedReason: 'requested', updatedAt: NOW + 1 }
    const revocations = answers.filter((_, number) => number !== 10).filter((answer) => answer !== null)
    expectAlike(expect, revocations, revoked, `revocations of the token ${token.id}`)
    expect(await store.find(OWNER, token.id)).toEqual(revocations.length > 0 ? revoked : token)
  })

  it('revokes or loses to prune, and nothing between, when the token had expired', async ({
    expect,
    store,
    handles,
  }) => {
    const tokens = await givenMany(store, TOKENS, () => ({ expiresAt: NOW + 1 }))
    const live = await given(store)
    const revocations = tokens.map(
      ({ id }): Contender<unknown> =>
        (handle) =>
          revokeAt(handle, OWNER, id, NOW + 100),
    )
    const pruneBefore: Contender<unknown> = (handle) => handle.prune(retentionAt(NOW + 50))
    await race(handles, [...revocations.slice(0, 10), pruneBefore, ...revocations.slice(10), pruneBefore])
    await store.prune(retentionAt(NOW + 50))
    expect(await idsOf(store)).toEqual([live.id])
    for (const { id, digest } of tokens) {
      expect(await store.find(OWNER, id)).toBeNull()
      expect(await store.findByDigest([digest], SHARD)).toBeNull()
    }
  })
})
