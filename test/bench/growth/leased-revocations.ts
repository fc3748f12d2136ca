import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { startRedis } from '../../redis/index.ts'
import type { Bench } from '../harness/bench.ts'
import { percentileOf } from '../harness/spread.ts'
import { startWorker } from '../harness/worker.ts'
import type { Answer, Question } from './leased-process.ts'

const LEASE_MS = 100
const PROCESSES = [1, 4, 16]
const REVOCATIONS = 50
const TARGET_MS = 1.1 * LEASE_MS + 20

/** How long a revocation takes under leases, with more and more processes that verify and revoke one after the other. */
export async function measureLeasedRevocations(bench: Bench): Promise<void> {
  const rows: (string | number)[][] = []
  for (const processes of PROCESSES) {
    const figures = await revokeInEach(processes)
    const p99 = percentileOf(figures, 0.99)
    rows.push([
      processes,
      percentileOf(figures, 0.5).toFixed(1),
      p99.toFixed(1),
      `p99 ≤ ${TARGET_MS.toFixed(0)}`,
      p99 <= TARGET_MS ? 'yes' : 'no',
      figures.length,
    ])
  }
  bench.table({
    name: `Growth: from revoke to its acknowledgement, 'leased', leaseMs ${LEASE_MS}`,
    columns: ['processes', 'p50, ms', 'p99, ms', 'target', 'reached', 'counted'],
    rows,
  })
}

async function revokeInEach(processes: number): Promise<readonly number[]> {
  await using server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  await redisStore(client, { leaseMs: LEASE_MS }).ready?.()
  client.disconnect()
  const start = () => startWorker<Question, Answer>(new URL('leased-process.js', import.meta.url))
  const workers = Array.from({ length: processes }, start)
  try {
    const question = { port: server.port, leaseMs: LEASE_MS }
    await Promise.all(workers.map((worker) => worker.ask({ ...question, revocations: 1 })))
    const answers = await Promise.all(workers.map((worker) => worker.ask({ ...question, revocations: REVOCATIONS })))
    return answers.flat()
  } finally {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()))
  }
}
