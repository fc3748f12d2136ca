import type { TokenRecord } from '@tessera/core'
import type { Lookup } from '../../src/lookup/lookup.ts'
import { createObserver } from '../../src/reading/observe.ts'
import { createPendingReads } from '../../src/reading/pending-reads.ts'
import { createRecords } from '../../src/records/records.ts'
import { flushPromises } from '../flush-promises.ts'
import { everyInterleaving } from './interleavings.ts'
import type { Choose } from './interleavings.ts'
import type { Protocol } from './protocol.ts'
import { createRevoker } from './revoker.ts'
import { awaitAnswer, isStale } from './verification.ts'
import type { Verification } from './verification.ts'
import { TOKEN, createWorld } from './world.ts'
import type { World } from './world.ts'

/** A revocation and verifications around it. */
export interface Scenario {
  /** How many verifications are invoked, each at any time. One more follows when nothing else can happen. */
  readonly verifications: number
  /** Whether the record is cached at the start. */
  readonly isCached: boolean
  /** What the verifications look for. */
  readonly digests: readonly string[]
  /** What each verification has in turn to find the token by. */
  readonly by: readonly ('digest' | 'id')[]
  /** How many entries the feed keeps. */
  readonly keeps: number
  /** Whether whoever revokes ends after the first step, and does it again. */
  readonly crashes: boolean
  readonly lateAnswers: number
  readonly losesTail: boolean
  readonly isReplaced: boolean
  /** What the feed announces: the token, or its owner as by a revocation in bulk. */
  readonly announces: 'digest' | 'owner'
}

const CACHED: Scenario = {
  verifications: 2,
  isCached: true,
  digests: [TOKEN.digest],
  by: ['digest'],
  keeps: 9,
  crashes: false,
  lateAnswers: 0,
  losesTail: false,
  isReplaced: false,
  announces: 'digest',
}
const NOT_CACHED: Scenario = { ...CACHED, isCached: false }
const BY_ID: Scenario = { ...CACHED, by: ['id'] }
const NOT_CACHED_BY_ID: Scenario = { ...BY_ID, isCached: false }
const REPLACED: Scenario = { ...CACHED, isReplaced: true }
const BULK: Scenario = { ...CACHED, announces: 'owner' }

export const SCENARIOS = {
  'three verifications of a cached token': { ...CACHED, verifications: 3 },
  'three verifications of a token that is not cached': { ...NOT_CACHED, verifications: 3 },
  'a token that is looked for under two digests': { ...NOT_CACHED, digests: ['of another pepper', TOKEN.digest] },
  'a revoker that crashes before the feed is written, and begins again': { ...CACHED, crashes: true },
  'such a revoker of a token that is not cached': { ...NOT_CACHED, crashes: true },
  'a feed that has lost the entries a reader needs': { ...CACHED, keeps: 1 },
  'such a feed, of a token that is not cached': { ...NOT_CACHED, keeps: 1 },
  'a failover that loses the tail of the feed': { ...CACHED, losesTail: true },
  'such a failover, and a revoker that crashes': { ...CACHED, verifications: 1, losesTail: true, crashes: true },
  'an answer that is late': { ...CACHED, lateAnswers: 1 },
  'a late answer about a token that is not cached': { ...NOT_CACHED, lateAnswers: 1 },
  'three verifications by id of a cached token': { ...BY_ID, verifications: 3 },
  'three verifications by id of a token that is not cached': { ...NOT_CACHED_BY_ID, verifications: 3 },
  'verifications by id and by digest of a token that is not cached': {
    ...NOT_CACHED_BY_ID,
    verifications: 3,
    by: ['id', 'digest', 'id'],
  },
  'a feed that has lost entries, of a token that is looked for by id': { ...NOT_CACHED_BY_ID, keeps: 1 },
  'a replica that lags takes over, and no client notices': REPLACED,
  'such a replica, of a token that is not cached': { ...REPLACED, isCached: false },
  'such a replica, of a token that is looked for by id': { ...REPLACED, by: ['id'] },
  'such a replica, and a revoker that crashes': { ...REPLACED, verifications: 1, crashes: true },
  'a revocation in bulk of a cached token': BULK,
  'a revocation in bulk of a token that is not cached': { ...BULK, isCached: false },
  'a revocation in bulk of a token that is looked for by id': { ...BULK, isCached: false, by: ['id'] },
  'a revocation in bulk that crashes before the feed is written, and begins again': { ...BULK, crashes: true },
} as const satisfies Readonly<Record<string, Scenario>>

export type ScenarioName = keyof typeof SCENARIOS

export interface Exploration {
  readonly interleavings: number
  /** Whether a verification that was invoked after the acknowledgement was answered with a record that is not revoked. */
  readonly isBroken: boolean
}

/** Plays every interleaving of a scenario, up to the first that breaks the promise. */
export async function explore(scenario: Scenario, protocol: Protocol): Promise<Exploration> {
  let isBroken = false
  const interleavings = await everyInterleaving(async (choose) => {
    const verifications = await play(scenario, protocol, choose)
    expectAnswers(verifications, scenario)
    isBroken = verifications.some(isStale)
    return !isBroken
  })
  return { interleavings, isBroken }
}

/** None is left waiting, and none refused without a reason: a cache that answers nobody keeps every promise. */
function expectAnswers(verifications: readonly Verification[], { lateAnswers }: Scenario): void {
  const refused = verifications.filter(({ answer }) => answer === 'refused').length
  if (verifications.some(({ answer }) => answer === null)) throw new Error('a verification was left without an answer')
  if (refused > 0 && lateAnswers === 0) throw new Error('a verification was refused while every answer was in time')
}

async function play(scenario: Scenario, protocol: Protocol, choose: Choose): Promise<readonly Verification[]> {
  const { isCached, crashes } = scenario
  const { revoke, revokeAgain, revisionOf } = protocol
  const world = createWorld({ ...scenario, revisionOf })
  const change = scenario.announces === 'owner' ? { owner: TOKEN.owner } : { digest: TOKEN.digest }
  const revoker = createRevoker(world, crashes ? [...revoke.slice(0, 1), ...revokeAgain] : revoke, change)
  const lookup = openLookup(protocol, world)
  const verifications: Verification[] = []
  const verify = () =>
    void verifications.push(awaitAnswer(find(lookup, scenario, verifications.length), revoker.hasAcknowledged()))

  await undisturbed(world, () => void lookup.findByDigest(isCached ? scenario.digests : ['of no token'], ''))
  for (;;) {
    const invocations = verifications.length < scenario.verifications ? [verify] : []
    const events = [...world.events(), ...revoker.events(), ...invocations]
    if (events.length === 0) break
    events[choose(events.length)]?.()
    await flushPromises()
  }
  await undisturbed(world, verify)
  return verifications
}

function openLookup({ lookup }: Protocol, { store, feed, withinDeadline }: World): Lookup {
  const now = () => 1
  const records = createRecords({ max: 10, maxBytes: 1_000_000, maxAgeMs: null, now, monotonicNow: now })
  const [pending, pendingById, observer] = [createPendingReads(), createPendingReads(), createObserver()]
  return lookup({ store, records, pending, pendingById, withinDeadline, observer, now, monotonicNow: now }, feed)
}

function find(lookup: Lookup, { digests, by }: Scenario, place: number): Promise<TokenRecord | null> {
  if (by[place % by.length] === 'digest') return findPresented(lookup, digests)
  return lookup.cache.findToken(TOKEN.owner, TOKEN.id)
}

/** Lets something happen and every answer to it come at once, up to date. */
async function undisturbed(world: World, happen: () => void): Promise<void> {
  happen()
  await flushPromises()
  for (let [answer] = world.freshAnswers(); answer !== undefined; [answer] = world.freshAnswers()) {
    answer()
    await flushPromises()
  }
}

/** As a verification does: the cached record, else that of the store. */
async function findPresented(lookup: Lookup, digests: readonly string[]): Promise<TokenRecord | null> {
  const { cache } = lookup
  if (!cache.has(digests)) return lookup.findByDigest(digests, '')
  await cache.confirm?.()
  return cache.find(digests, 0)?.record ?? lookup.findByDigest(digests, '')
}
