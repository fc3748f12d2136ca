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

export interface Observation {
  /** Ends the observation when each process has used the revoked token so often. */
  end(service?: Promise<readonly (number | null)[]>, uses?: number): Promise<readonly Outcome[]>
}

const PACE_MS = 10
const USES = Number(process.env['TESSERA_FAULT_CHECKS'] ?? 2_000) / 20

/** Uses a revoked token through each process again and again, whether or not earlier uses are answered. */
export function observe(scenario: string, processes: readonly Process[], { revoked }: Secrets): Observation {
  const end = new AbortController()
  const watched = processes.map((process) => watch(process, revoked, end.signal))
  return {
    async end(service, uses = USES) {
      const times = (await service) ?? []
      await until(async () => watched.every(({ counts }) => counts.uses >= uses), { atMostMs: 60_000 })
      end.abort()
      await Promise.all(watched.map(({ ended }) => ended))
      return watched.map(({ name, counts }, index) => {
        return { scenario, process: name, ...counts, backAfterMs: times[index] ?? null }
      })
    },
  }
}

function watch({ name, tokens }: Process, secret: string, signal: AbortSignal) {
  const counts = { uses: 0, accepted: 0, unavailable: 0, lastAcceptedMs: null as number | null }
  const pending = new Set<Promise<void>>()
  const beganAt = performance.now()

  async function use(): Promise<void> {
    const usedAt = performance.now()
    counts.uses += 1
    const verification = await tokens.verify(secret).catch(() => null)
    if (verification === null) counts.unavailable += 1
    else if (verification.ok) {
      counts.accepted += 1
      counts.lastAcceptedMs = usedAt - beganAt
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const using = use().finally(() => pending.delete(using))
      pending.add(using)
      await wait(PACE_MS)
    }
    await Promise.all(pending)
  }

  return { name, counts, ended: run() }
}
