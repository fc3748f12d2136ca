import { StoreError } from '@tessera/core'
import type { LeasedChanges, OperationDeadline, TokenRecord } from '@tessera/core'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { createQuestions } from '../model/questions.ts'
import type { Event } from '../model/questions.ts'

/** The length of a lease. */
export const L = 10
/** So much time passes at once. */
export const TICK = 5

export const TOKEN: TokenRecord = sampleRecord()
const ANOTHER = 'of another token'

/** The server of the feed, as it is at an instant. */
export interface Server {
  /** Digests, each with its place in all histories as its nonce. */
  readonly log: readonly { readonly digest: string; readonly nonce: number }[]
  readonly history: number
  readonly leaseMs: number
}

/** One process' clocks: how fast they go, and what they have lost. */
export interface Clock {
  readonly rate: number
  lostSteady: number
  lostWall: number
}

export interface World {
  readonly now: () => number
  steady(clock: Clock): number
  wall(clock: Clock): number
  /** Resolves at an instant of a clock, once time has come to it. */
  sleep(clock: Clock, ms: number): Promise<void>
  pass(ms: number): void
  /** Resolves once the step was taken. */
  step(): Promise<void>
  read(revision: string, revisionOf: (server: Server) => string): Promise<LeasedChanges>
  readLength(): Promise<number>
  find(): Promise<TokenRecord>
  readonly withinDeadline: OperationDeadline
  revoke(): void
  become(next: (server: Server) => Partial<Server>): Server
  announce(digest: string): void
  events(): readonly Event[]
  /** The up-to-date answers, and the next steps. */
  freshEvents(): readonly Event[]
  readonly hasSleepers: () => boolean
}

/** A store of one token, with a feed and a time of its own. An answer is that of any state since the question. */
export function createWorld(mostLate: number): World {
  let now = 0
  let late = 0
  let nonce = 0
  const records = [TOKEN]
  const servers: Server[] = [{ log: [{ digest: '', nonce: 0 }], history: 0, leaseMs: L }]
  const questions = createQuestions()
  const { ask } = questions
  const deadlines = new Set<Event>()
  const sleepers = new Set<Event>()

  function become(next: (server: Server) => Partial<Server>): Server {
    const server = servers.at(-1) as Server
    const changed = { ...server, ...next(server) }
    servers.push(changed)
    return changed
  }

  const steady = ({ rate, lostSteady }: Clock) => rate * (now - lostSteady)
  return {
    now: () => now,
    steady,
    wall: ({ rate, lostWall }) => 1_000 + rate * now - lostWall,
    sleep(clock, ms) {
      const endAt = steady(clock) + ms
      return new Promise((resolve) => {
        const wake = () => {
          if (steady(clock) < endAt) return
          sleepers.delete(wake)
          resolve()
        }
        sleepers.add(wake)
      })
    },
    pass(ms) {
      now += ms
      for (const wake of sleepers) wake()
    },
    step: () => ask([null], () => undefined),
    read: (revision, revisionOf) =>
      ask(servers, (server) => {
        const place = server.log.findIndex((_, index) => revisionOf(upTo(server, index)) === revision)
        const changes = server.log.slice(place + 1).map(({ digest }) => digest)
        return { revision: revisionOf(server), digests: place < 0 ? 'reset' : changes, leaseMs: server.leaseMs }
      }),
    readLength: () => ask(servers, ({ leaseMs }) => leaseMs),
    find: () => ask(records, (record) => record),
    withinDeadline: (operation, work) =>
      new Promise((resolve, reject) => {
        const pass = () => {
          late += 1
          deadlines.delete(pass)
          reject(new StoreError(operation, new Error('late')))
        }
        deadlines.add(pass)
        void work()
          .then(resolve, reject)
          .finally(() => deadlines.delete(pass))
      }),
    revoke() {
      if (records.length === 1) records.push({ ...TOKEN, revokedAt: 1 })
    },
    become,
    announce(digest) {
      nonce += 1
      become(({ log }) => ({ log: [...log, { digest, nonce }] }))
    },
    events: () => [...questions.answers(), ...(late < mostLate ? deadlines : [])],
    freshEvents: questions.freshAnswers,
    hasSleepers: () => sleepers.size > 0,
  }
}

function upTo(server: Server, index: number): Server {
  return { ...server, log: server.log.slice(0, index + 1) }
}

/** A replica takes over that lacks the latest entry, and perhaps the length. */
export function replace(world: World): void {
  world.become(({ log, history }) => ({ log: log.slice(0, -1), history: history + 1, leaseMs: 0 }))
}

export function announceAnother(world: World): void {
  world.announce(ANOTHER)
}
