import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../redis/index.ts'
import type { Member } from './fleet.ts'
import { issuedIn } from './issued-token.ts'
import type { IssuedToken } from './issued-token.ts'
import { createPlayer } from './rounds.ts'
import type { EndedToken, Player, Scene } from './rounds.ts'
import type { Report } from './tally.ts'

export interface Plan {
  /** How many checks there are at least. */
  readonly checks: number
  /** How many tokens are ended at a time. */
  readonly players: number
  /** What happens meanwhile; again and again until there are enough checks, unless it happens `once`. */
  readonly fault?: () => Promise<void>
  readonly once?: boolean
}

/** Tokens that every process has cached before a fault begins, to be ended in it and after it. */
const STOCK = 60
/** A player goes on after this time, though uses are not answered yet. */
const PACE_MS = 200
const LONGEST_MS = 300_000

/** Ends and uses tokens while faults happen and pass; at last it presents every ended token and every successor once more. */
export async function runScenario(scene: Scene, { checks, players, fault, once = false }: Plan): Promise<Report> {
  const { tally, fleet } = scene
  const end = new AbortController()
  const host = createPlayer(scene)
  const cast = Array.from({ length: players }, () => createPlayer(scene))
  const stock: IssuedToken[] = []
  const ended: EndedToken[] = []
  const successors: IssuedToken[] = []
  const uses: Promise<unknown>[] = []
  const witness = await host.prepare()
  let isFilling = false

  async function play(player: Player): Promise<void> {
    while (!end.signal.aborted) {
      const token = (isFilling ? null : stock.pop()) ?? (await player.prepare())
      const { used, ...round } = await player.end(token)
      ended.push(round.token)
      if (round.successor !== null) successors.push(round.successor)
      const all = Promise.all([used, player.presentActive(witness)])
      uses.push(all)
      await Promise.race([all, wait(PACE_MS)])
    }
  }

  async function fillStock(): Promise<void> {
    isFilling = true
    const fill = async (player: Player): Promise<void> => {
      while (stock.length < STOCK) stock.push(await player.prepare())
    }
    await Promise.all(cast.map(fill))
    isFilling = false
  }

  /** Resolves when every process serves. */
  async function served(): Promise<void> {
    await Promise.all(fleet.members.map((member) => until(() => isServed(member))))
  }

  async function goThrough(work: () => Promise<void>): Promise<void> {
    await fillStock()
    await tally.during(work, served)
    if (!once && tally.report.checks < checks) await goThrough(work)
  }

  async function direct(): Promise<void> {
    if (fault !== undefined) await goThrough(fault)
    await until(async () => tally.report.checks >= checks, { atMostMs: LONGEST_MS })
    end.abort()
  }

  try {
    const playing = Promise.all(cast.map(play))
    await Promise.race([direct(), playing])
    await playing
    await Promise.all(uses)
    await served()
    for (const token of ended) await host.presentEnded(token)
    for (const token of [witness, ...stock, ...successors]) await host.presentActive(token)
    return tally.report
  } finally {
    end.abort()
    for (const player of [host, ...cast]) player.close()
  }
}

/** Whether a token can be issued, used and revoked through this process. */
async function isServed({ api }: Member): Promise<boolean> {
  const issued = await api.call('POST', api.facts.list, { json: { name: 'Probe', scopes: ['jobs:read'] } })
  if (issued.status !== 201) return false
  const { id, secret } = issuedIn(issued)
  if ((await api.statusOf(secret)) !== 200) return false
  return (await api.call('DELETE', api.item(id))).status === 200
}
