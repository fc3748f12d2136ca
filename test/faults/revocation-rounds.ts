import { setTimeout as wait } from 'node:timers/promises'
import { parseJson } from '../support/answer.ts'
import type { Answer } from '../support/answer.ts'
import { openLane } from '../support/lane.ts'
import type { Lane } from '../support/lane.ts'
import type { Fleet, Member } from './fleet.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

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

export interface WarmToken {
  readonly id: string
  readonly secret: string
}

/** Issues tokens, has all processes cache them, revokes them and uses them at once, over its own connections. */
export interface Player {
  /** A token that every process has accepted. */
  prepare(): Promise<WarmToken>
  /** Resolves when the revocation is acknowledged and the uses that follow are under way. */
  revoke(token: WarmToken): Promise<{ readonly used: Promise<unknown> }>
  /** Uses a revoked token once more, in every process. */
  presentRevoked(token: WarmToken, acknowledgedAt: number): Promise<unknown>
  /** Uses an active token once in every process. */
  presentActive(token: WarmToken): Promise<unknown>
  close(): void
}

const USES = 2
const RETRY_MS = 20
const FORM = ['Content-Type', 'application/x-www-form-urlencoded'] as const

export function createPlayer({ fleet, tally, random, keep }: Scene): Player {
  const lanes = new Map(fleet.members.map((member) => [member, openLane(member.url)]))
  let revokesById = false

  /** Repeats a call through one process after the other until it is acknowledged, and kept. */
  async function acknowledged(call: (member: Member) => Promise<Answer>, status: number): Promise<Answer> {
    const member = random.pick(fleet.members)
    const { result, isKept } = await keep(() => call(member))
    if (result.status === status && isKept) return result
    if (result.status !== status && result.status !== 503) throw new Error(`${member.name}: ${result.raw}`)
    await wait(RETRY_MS)
    return acknowledged(call, status)
  }

  async function use(member: Member, lane: Lane, { secret }: WarmToken) {
    const sentAt = performance.now()
    const { status } = await lane.send(member.api.request('GET', member.api.facts.protected, { secret }))
    return { at: member.name, sentAt, status }
  }

  const everywhere = <Result>(work: (member: Member, lane: Lane) => Promise<Result>): Promise<Result[]> =>
    Promise.all([...lanes].map(([member, lane]) => work(member, lane)))

  async function warm(token: WarmToken, member: Member, lane: Lane): Promise<void> {
    const answered = await use(member, lane, token)
    tally.countActive(answered)
    if (answered.status !== 503) return
    await wait(RETRY_MS)
    await warm(token, member, lane)
  }

  const presentRevoked = (token: WarmToken, acknowledgedAt: number): Promise<unknown> =>
    everywhere(async (member, lane) => tally.countRevoked({ ...(await use(member, lane, token)), acknowledgedAt }))

  return {
    async prepare() {
      const json = { name: 'To be revoked', scopes: ['jobs:read'] }
      const answer = await acknowledged(({ api }) => api.call('POST', api.facts.list, { json }), 201)
      const { secret, token } = parseJson<{ secret: string; token: { id: string } }>(answer)
      await everywhere((member, lane) => warm({ id: token.id, secret }, member, lane))
      return { id: token.id, secret }
    },
    async revoke(token) {
      revokesById = !revokesById
      const byId = ({ api }: Member) => api.call('DELETE', api.item(token.id))
      const bySecret = ({ api }: Member) =>
        api.call('POST', api.facts.revoke ?? '', { secret: null, headers: [FORM], body: `token=${token.secret}` })
      await acknowledged(revokesById ? byId : bySecret, 200)
      const acknowledgedAt = performance.now()
      const uses = Array.from({ length: USES }, () => presentRevoked(token, acknowledgedAt))
      tally.countRevocation()
      return { used: Promise.all(uses) }
    },
    presentRevoked,
    presentActive: (token) => everywhere(async (member, lane) => tally.countActive(await use(member, lane, token))),
    close() {
      for (const lane of lanes.values()) lane.close()
    },
  }
}
