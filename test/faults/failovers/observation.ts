import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../../redis/index.ts'
import type { Outcome } from '../outcome.ts'
import type { Process } from './processes.ts'

/** Two tokens that every process has accepted. */
export interface Secrets {
  /** Its revocation is acknowledged before anybody looks. */
  readonly revoked: string
  readonly active: string
}

/** What processes make of a revoked token and of an active one, from the beginning of the observation on. */
export interface Observation {
  /** Resolves when each process accepts the active token, or when the time is up. Counts from `since`. */
  served(since: number, atMostMs?: number): Promise<void>
  /** Ends the observation when each process has used the revoked token so often. */
  end(uses?: number): Promise<readonly Outcome[]>
}

const PACE_MS = 10
const USES = Number(process.env['TESSERA_FAULT_CHECKS'] ?? 2_000) / 20

export function observe(scenario: string, processes: readonly Process[], secrets: Secrets): Observation {
  const end = new AbortController()
  const watched = processes.map((process) => watch(process, secrets, end.signal))
  return {
    async served(since, atMostMs = 10_000) {
      const giveUp = since + atMostMs - performance.now()
      await Promise.all(watched.map(({ served }) => Promise.race([served(since), wait(giveUp, null, { ref: false })])))
    },
    async end(uses = USES) {
      await until(async () => watched.every(({ counts }) => counts.uses >= uses), { atMostMs: 60_000 })
      end.abort()
      await Promise.all(watched.map(({ ended }) => ended))
      return watched.map(({ name, counts }) => ({ scenario, process: name, ...counts }))
    },
  }
}

/** Uses both tokens again and again, whether or not earlier uses are answered. */
function watch({ name, tokens }: Process, { revoked, active }: Secrets, signal: AbortSignal) {
  const counts = {
    uses: 0,
    accepted: 0,
    unavailable: 0,
    lastAcceptedMs: null as number | null,
    backAfterMs: null as number | null,
  }
  const beganAt = performance.now()
  const pending = new Set<Promise<void>>()

  async function use(secret: string, isStale: boolean): Promise<void> {
    const usedAt = performance.now()
    if (isStale) counts.uses += 1
    const verification = await tokens.verify(secret).catch(() => null)
    if (!isStale) return
    if (verification === null) counts.unavailable += 1
    else if (verification.ok) {
      counts.accepted += 1
      counts.lastAcceptedMs = usedAt - beganAt
    }
  }

  function begin(work: Promise<void>): void {
    const settled = work.finally(() => pending.delete(settled))
    pending.add(settled)
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      begin(use(revoked, true))
      begin(use(active, false))
      await wait(PACE_MS)
    }
    await Promise.all(pending)
  }

  async function served(since: number): Promise<void> {
    if (signal.aborted) return
    const verification = await tokens.verify(active).catch(() => null)
    if (verification?.ok === true) {
      counts.backAfterMs = performance.now() - since
      return
    }
    await wait(PACE_MS)
    return served(since)
  }

  return { name, counts, served, ended: run() }
}
