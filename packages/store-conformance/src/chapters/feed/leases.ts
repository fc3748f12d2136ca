import { setImmediate } from 'node:timers/promises'
import type { LeasedChanges, TokenStore } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { retentionAt, revokeAt } from '../../steps/change-at.ts'
import { NOW, OWNER, given, sampleDigest } from '../../steps/sample-token.ts'
import { stepsOf } from '../../steps/steps-on.ts'

const PROVES: readonly string[] = [
  'A store with leases waits before it acknowledges',
  'Answers as `changesSince`, with the length of a lease',
  'The store keeps the longest length beside the feed',
  'Each announcement reads it in its own step',
  'The change is acknowledged 1.1 lengths after the reply',
  'A writer without leases must fail to announce, or wait as well.',
  'The length kept beside the feed',
  'So a store with leases does not wait after it.',
]

const SHORT_MS = 20
const LONG_MS = 60
/** So long that a wait cannot be taken for a slow machine. */
const ENDLESS_MS = 10_000
const AWAITED = 1.1

/** Of stores with leases. */
export const leases: Chapter = chapter('leases', PROVES, (it) => {
  it('come with the changes, and with the length kept, in one reading', async (stage) => {
    const { expect } = stage
    const store = await leasing(stage, SHORT_MS)
    const { revision } = await readLeased(store, '')
    const { digest, id } = await given(stepsOf(store))
    await revokeAt(stepsOf(store), OWNER, id, NOW + 5)
    for (const since of [revision, '', 'malformed']) {
      expect(await readLeased(store, since)).toEqual({ ...(await store.feed?.changesSince(since)), leaseMs: SHORT_MS })
    }
    expect((await readLeased(store, revision)).digests).toEqual([digest])
  })

  it('are over before a change is acknowledged, also when it is repeated', async (stage) => {
    const { expect } = stage
    const store = stepsOf(await leasing(stage, LONG_MS))
    const { id } = await given(store)
    for (const wait of ['first', 'repeated']) {
      const took = await timeOf(() => revokeAt(store, OWNER, id, NOW + 5))
      expect(took, wait).toBeGreaterThanOrEqual(AWAITED * LONG_MS)
    }
  })

  it('are waited for after the announcement', async (stage) => {
    const { expect } = stage
    const store = await leasing(stage, ENDLESS_MS / 20)
    const { revision } = await readLeased(store, '')
    const { id } = await given(stepsOf(store))
    const acknowledged = revokeAt(stepsOf(store), OWNER, id, NOW + 5).then(() => 'acknowledged')
    expect(await Promise.race([acknowledged, announced(store, revision)])).toBe('announced')
  })

  it('are not waited for by what announces nothing, or acknowledges nothing', async (stage) => {
    const { expect } = stage
    const leased = await leasing(stage, ENDLESS_MS)
    const store = stepsOf(leased)
    const took = await timeOf(async () => {
      const { owner, id } = await given(store)
      await store.recordUse([{ owner, id, at: NOW + 5 }])
      await store.rekey(owner, id, sampleDigest(`${id} peppered`))
      await store.countActive(owner, NOW)
      await store.prune(retentionAt(NOW + 5))
    })
    expect(took).toBeLessThan(AWAITED * ENDLESS_MS)
  })

  it('have the longest length that any process was given, for all of them, and it never falls', async (stage) => {
    const { expect, subject } = stage
    const long = await leasing(stage, LONG_MS)
    const connect = subject.leases?.connect
    // A store of a single process has one length.
    if (connect === undefined) return expect((await readLeased(long, '')).leaseMs).toBe(LONG_MS)
    expect((await readLeased(long, '')).leaseMs).toBe(LONG_MS)
    const short = await connect(long, SHORT_MS)
    for (const other of [await connect(long, undefined), short]) {
      const { id } = await given(stepsOf(other))
      const took = await timeOf(() => revokeAt(stepsOf(other), OWNER, id, NOW + 5))
      expect(took).toBeGreaterThanOrEqual(AWAITED * LONG_MS)
    }
    expect((await readLeased(short, '')).leaseMs).toBe(LONG_MS)
  })

  it('become longer with a change of a process with a longer length', async (stage) => {
    const { expect, subject } = stage
    const short = await leasing(stage, SHORT_MS)
    const long = (await subject.leases?.connect?.(short, LONG_MS)) ?? (await leasing(stage, LONG_MS))
    await readLeased(short, '')
    const { id } = await given(stepsOf(long))
    await revokeAt(stepsOf(long), OWNER, id, NOW + 5)
    const reader = subject.leases?.connect === undefined ? long : short
    expect((await readLeased(reader, '')).leaseMs).toBe(LONG_MS)
  })
})

async function leasing({ subject }: Stage, leaseMs: number): Promise<TokenStore> {
  if (subject.leases === undefined) throw new Error('the store declares no leases')
  return subject.leases.create(leaseMs)
}

async function readLeased({ feed }: TokenStore, since: string): Promise<LeasedChanges> {
  const changes = await feed?.leasedChangesSince?.(since)
  if (changes === undefined) throw new Error('the store declares leases, and its feed has none')
  return changes
}

async function announced(store: TokenStore, revision: string): Promise<string> {
  while ((await store.feed?.revision()) === revision) await setImmediate()
  return 'announced'
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
