import { createLeases } from '@tessera/core'
import type { ChangeFeed } from '@tessera/core'
import type { Lookup } from '../../src/lookup/lookup.ts'
import { createObserver } from '../../src/reading/observe.ts'
import { createPendingReads } from '../../src/reading/pending-reads.ts'
import { createRecords } from '../../src/records/records.ts'
import { flushPromises } from '../flush-promises.ts'
import { everyInterleaving } from '../model/interleavings.ts'
import type { Choose } from '../model/interleavings.ts'
import type { Event } from '../model/questions.ts'
import { awaitAnswer, isStale } from '../model/verification.ts'
import type { Verification } from '../model/verification.ts'
import type { Protocol } from './protocol.ts'
import { L, TICK, TOKEN, announceAnother, createWorld, replace } from './world.ts'
import type { Clock, World } from './world.ts'

interface Scenario {
  readonly verifications: number
  readonly ticks: number
  /** How fast the clocks of the cache and of the changer go. */
  readonly cache: number
  readonly changer: number
  /** The changer's option `leaseMs`; 0 for none. */
  readonly own: number
  readonly isCached: boolean
  readonly lateReadings: number
  /** What happens once: to the machine of the cache, or to the server. */
  readonly once?: 'suspended' | 'set back' | 'replaced'
  /** Who changes first: a revoker that crashes before its reply, one that knows no leases, or one of another token. */
  readonly first?: 'crashes' | 'former' | 'another token'
}

const USED: Scenario = {
  verifications: 2,
  ticks: 2,
  // The hardest clocks: a lease lasts for two ticks, and so does the wait.
  cache: 0.9,
  changer: 1.1,
  own: L,
  isCached: true,
  lateReadings: 0,
}

export const SCENARIOS = {
  'a token in use, with clocks that are a tenth slow in the cache, and a tenth fast in the changer': USED,
  'a token that is not cached': { ...USED, isCached: false, verifications: 1 },
  'clocks that are a tenth fast in the cache, and a tenth slow in the changer': {
    ...USED,
    cache: 1.1,
    changer: 0.9,
    ticks: 3,
  },
  'a machine that is suspended': { ...USED, once: 'suspended', ticks: 1 },
  'a wall clock that is set back': { ...USED, once: 'set back', verifications: 1 },
  'a reading that is late': { ...USED, lateReadings: 1, verifications: 1 },
  'a replica that lacks the latest change and the length': { ...USED, once: 'replaced', verifications: 1 },
  'a changer that crashes after it announced, and another that repeats it': {
    ...USED,
    first: 'crashes',
    verifications: 1,
  },
  'a changer of a version without leases': { ...USED, first: 'former' },
  'a changer that has no length of its own': { ...USED, own: 0 },
  'two changers with a shorter length': {
    ...USED,
    own: 4,
    first: 'another token',
    verifications: 1,
  },
} as const satisfies Readonly<Record<string, Scenario>>

export type ScenarioName = keyof typeof SCENARIOS

export interface Exploration {
  readonly interleavings: number
  readonly isBroken: boolean
}

/** Plays every interleaving, up to the first that breaks the promise or never ends. */
export async function explore(scenario: Scenario, protocol: Protocol): Promise<Exploration> {
  let isBroken = false
  const interleavings = await everyInterleaving(async (choose) => {
    const { verifications, isAcknowledged } = await play(scenario, protocol, choose)
    const refused = verifications.some(({ answer }) => answer === 'refused')
    if (!isAcknowledged) throw new Error('a revocation was never acknowledged')
    if (verifications.some(({ answer }) => answer === null))
      throw new Error('a verification was left without an answer')
    if (refused && scenario.lateReadings === 0) throw new Error('a verification was refused without a fault')
    isBroken = verifications.some(isStale)
    return !isBroken
  })
  return { interleavings, isBroken }
}

async function play(scenario: Scenario, protocol: Protocol, choose: Choose) {
  const world = createWorld(scenario.lateReadings)
  const clock: Clock = { rate: scenario.cache, lostSteady: 0, lostWall: 0 }
  const lookup = openLookup(protocol, world, clock)
  if (scenario.once === 'replaced') announceAnother(world)
  const digests = [TOKEN.digest]
  await undisturbed(world, () => void lookup.findByDigest(scenario.isCached ? digests : ['of no token'], ''))
  let isAcknowledged = false
  void revoke(scenario, protocol, world).then(() => {
    isAcknowledged = true
  })
  await flushPromises()
  const verifications: Verification[] = []
  const verify = () => void verifications.push(invoke(lookup, isAcknowledged))
  let ticks = scenario.ticks
  let once = scenario.once

  function pass(): void {
    ticks -= 1
    world.pass(TICK)
  }

  function happen(): void {
    if (once === 'replaced') replace(world)
    if (once === 'set back') clock.lostWall += 1.5 * L
    if (once === 'suspended') {
      clock.lostSteady += 1.5 * L
      world.pass(1.5 * L)
    }
    once = undefined
  }

  /** The entry of an acknowledged revocation is not lost: it has reached the replica. */
  const canHappen = () => once !== undefined && (once !== 'replaced' || world.become(() => ({})).log.length === 2)
  for (;;) {
    const events: Event[] = [...world.events()]
    if (verifications.length < scenario.verifications) events.push(verify)
    if (ticks > 0) events.push(pass)
    if (canHappen()) events.push(happen)
    if (events.length === 0) break
    events[choose(events.length)]?.()
    await flushPromises()
  }
  await undisturbed(world, () => {})
  await undisturbed(world, verify)
  return { verifications, isAcknowledged }
}

/** Resolves with the acknowledgement. */
async function revoke({ own, changer, first }: Scenario, protocol: Protocol, world: World): Promise<void> {
  const clock: Clock = { rate: changer, lostSteady: 0, lostWall: 0 }
  const sleep = (ms: number) => world.sleep(clock, ms)
  const leases = createLeases(own, { now: () => world.steady(clock), sleep })

  function keep(announce: string): number {
    world.announce(announce)
    const { leaseMs } = world.become((server) => ({ leaseMs: protocol.keep(server.leaseMs, own) }))
    return protocol.findsLength ? leaseMs : 0
  }

  async function take(steps: Protocol['revoke']): Promise<void> {
    for (const step of steps) {
      await world.step()
      if (step === 'announce') leases.meet(keep(TOKEN.digest))
      else world.revoke()
    }
  }

  /** By another process with the same option, which waits for itself. */
  async function announcedByAnother(): Promise<void> {
    await world.step()
    keep('of yet another token')
  }

  const change = (steps: Protocol['revoke']) => {
    const made = protocol.wait(
      leases,
      async (_owner, _wants, decide) => {
        const { answer } = decide({ records: new Map(), kept: null, active: null, keys: null })
        await take(steps)
        // The reply.
        await world.step()
        return answer
      },
      sleep,
    )
    return made('acme', { ids: [], key: null }, () => ({
      answer: undefined,
      announce: steps.includes('announce') ? [TOKEN.digest] : [],
    }))
  }

  if (first === 'former' && !protocol.isFenced) {
    await take(['write'])
    world.announce(TOKEN.digest)
    return
  }
  // With the fence, its announcement fails.
  if (first === 'former') await take(['write'])
  if (first === 'crashes') {
    await take(protocol.revoke)
    return change(protocol.repeat)
  }
  if (first === 'another token') await announcedByAnother()
  await change(protocol.revoke)
}

function openLookup(protocol: Protocol, world: World, clock: Clock): Lookup {
  const now = () => 1
  const records = createRecords({ max: 10, maxBytes: 1_000_000, maxAgeMs: null, now, monotonicNow: now })
  const [pending, pendingById, observer] = [createPendingReads(), createPendingReads(), createObserver()]
  const store = {
    findByDigest: async (digests: readonly string[]) => (digests.includes(TOKEN.digest) ? world.find() : null),
    find: () => world.find(),
  }
  const { withinDeadline } = world
  const parts = { store, records, pending, pendingById, withinDeadline, observer, now, monotonicNow: now }
  const read = (revision: string) => world.read(revision, protocol.revisionOf)
  const feed: ChangeFeed = { revision: async () => '', changesSince: read, leasedChangesSince: read }
  const clocks = { steady: () => world.steady(clock), wall: () => world.wall(clock) }
  return protocol.lookup(parts, protocol.feed(feed, world), clocks, world)
}

/** As a verification does: the cached record in the same turn, or once it is confirmed, or that of the store. */
function invoke(lookup: Lookup, followsAcknowledgement: boolean): Verification {
  const { cache } = lookup
  const digests = [TOKEN.digest]
  const find = async () => cache.find(digests, 0)?.record ?? (await lookup.findByDigest(digests, ''))
  const finding = cache.isFresh?.() === true || !cache.has(digests) ? find() : cache.confirm?.().then(find)
  return awaitAnswer(finding, followsAcknowledgement)
}

/** Lets something happen, every answer to it come at once, and every wait end. */
async function undisturbed(world: World, happen: () => void): Promise<void> {
  happen()
  await flushPromises()
  for (let rounds = 0; rounds < 100; rounds += 1) {
    const [event] = world.freshEvents()
    if (event === undefined && !world.hasSleepers()) return
    if (event === undefined) world.pass(TICK)
    else event()
    await flushPromises()
  }
}
