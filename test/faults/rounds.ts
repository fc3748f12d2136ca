import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '../support/four-apis/answer.ts'
import { openLane } from '../support/four-apis/lane.ts'
import type { Lane } from '../support/four-apis/lane.ts'
import { ENDINGS } from './endings.ts'
import type { Acknowledged } from './endings.ts'
import type { Fleet, Member } from './fleet.ts'
import { issuedIn } from './issued-token.ts'
import type { IssuedToken } from './issued-token.ts'
import type { Random } from './random.ts'
import type { Ended, Tally } from './tally.ts'

/** Makes a call, and tells whether what it changed outlives every fault that may come. */
export type Keep = <Result>(
  call: () => Promise<Result>,
) => Promise<{ readonly result: Result; readonly isKept: boolean }>

export interface Scene {
  readonly fleet: Fleet
  readonly tally: Tally
  readonly random: Random
  readonly keep: Keep
}

/** A token whose end was acknowledged. */
export type EndedToken = IssuedToken & Ended

export interface Round {
  readonly token: EndedToken
  /** What took its place, where its secret was told. */
  readonly successor: IssuedToken | null
  /** Resolves when the uses of both are answered. */
  readonly used: Promise<unknown>
}

/** Issues tokens, has all processes cache them, ends them and uses them at once, over its own connections. */
export interface Player {
  /** A token that every process has accepted. */
  prepare(): Promise<IssuedToken>
  /** Ends a token, in each way in turn. Resolves when that is acknowledged and the uses that follow are under way. */
  end(token: IssuedToken): Promise<Round>
  /** Uses an ended token once more, in every process. */
  presentEnded(token: EndedToken): Promise<unknown>
  /** Uses an active token once in every process. */
  presentActive(token: IssuedToken): Promise<unknown>
  close(): void
}

const USES = 2
const RETRY_MS = 20
/** Of a process that was killed. Its caller knows as much as after 503. */
const UNANSWERED: Answer = { status: 503, headers: new Map(), body: '', raw: '' }

export function createPlayer({ fleet, tally, random, keep }: Scene): Player {
  const lanes = new Map(fleet.members.map((member) => [member, openLane(member.url)]))
  const ways = Object.entries(ENDINGS)
  // Faults find the players at different endings.
  const endings = inTurn(ways, random.below(ways.length))

  /** Goes from one process to another, until the change is kept, too. */
  const acknowledged: Acknowledged = async (status, call) => {
    for (let attempt = 0; ; attempt += 1) {
      const member = random.pick(fleet.members)
      const { result, isKept } = await keep(() => answered(member, () => call(member.api, attempt)))
      if (result.status === status && isKept) return result
      if (result.status !== status && result.status !== 503) throw new Error(`${member.name}: ${result.raw}`)
      await wait(RETRY_MS)
    }
  }

  async function use(member: Member, lane: Lane, { secret }: IssuedToken) {
    const sentAt = performance.now()
    const request = member.api.request('GET', member.api.facts.protected, { secret })
    const { status } = await answered(member, () => lane.send(request))
    return { at: member.name, sentAt, status }
  }

  const everywhere = <Result>(work: (member: Member, lane: Lane) => Promise<Result>): Promise<Result[]> =>
    Promise.all([...lanes].map(([member, lane]) => work(member, lane)))

  async function warm(token: IssuedToken, member: Member, lane: Lane): Promise<void> {
    const answered = await use(member, lane, token)
    tally.countActive(answered)
    if (answered.status !== 503) return
    await wait(RETRY_MS)
    await warm(token, member, lane)
  }

  const presentEnded = (token: EndedToken): Promise<unknown> =>
    everywhere(async (member, lane) => tally.countEnded(await use(member, lane, token), token))

  const presentActive = (token: IssuedToken): Promise<unknown> =>
    everywhere(async (member, lane) => tally.countActive(await use(member, lane, token)))

  return {
    async prepare() {
      const json = { name: 'To be ended', scopes: ['jobs:read'] }
      const token = issuedIn(await acknowledged(201, (api) => api.call('POST', api.facts.list, { json })))
      await everywhere((member, lane) => warm(token, member, lane))
      return token
    },
    async end(token) {
      const [by, end] = endings.next().value
      const successor = await end(token, acknowledged)
      const ended = { ...token, by, acknowledgedAt: performance.now() }
      const uses = Array.from({ length: USES }, () => presentEnded(ended))
      if (successor !== null) uses.push(presentActive(successor))
      tally.countEnding(by)
      return { token: ended, successor, used: Promise.all(uses) }
    },
    presentEnded,
    presentActive,
    close() {
      for (const lane of lanes.values()) lane.close()
    },
  }
}

async function answered(member: Member, send: () => Promise<Answer>): Promise<Answer> {
  const { life } = member
  try {
    return await send()
  } catch (error) {
    if (life !== null && life === member.life) throw error
    return UNANSWERED
  }
}

function* inTurn<Item>(items: readonly Item[], from: number): Generator<Item, never> {
  yield* items.slice(from)
  for (;;) yield* items
}
