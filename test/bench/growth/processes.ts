import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { startRedis } from '../../redis/index.ts'
import type { Bench } from '../harness/bench.ts'
import type { Group, Row } from '../harness/group.ts'
import { startWorker } from '../harness/worker.ts'
import type { Worker } from '../harness/worker.ts'
import { issueTokens } from '../in-process/issued-tokens.ts'
import { AT_ONCE } from './verifier.ts'
import type { Question } from './verifier.ts'

const COUNT = 10_000
const PROCESSES = [1, 2, 4]

type Verifiers = readonly Worker<Question, true>[]

/** Verifications of several processes on one Redis, against those of one. */
export async function measureProcesses(bench: Bench): Promise<void> {
  await using server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  const { secrets } = await issueTokens(redisStore(client), COUNT)
  client.disconnect()
  const start = () => startWorker<Question, true>(new URL('verifier.js', import.meta.url))
  const verifiers = Array.from({ length: Math.max(...PROCESSES) }, start)
  await Promise.all(verifiers.map((verifier) => verifier.ask({ port: server.port, secrets })))
  for (const freshness of ['confirmed', 'none'] as const) {
    await bench.measure(processesGroup(freshness, verifiers), { roundMs: 100, warmUpMs: 400 })
  }
  await Promise.all(verifiers.map((verifier) => verifier[Symbol.asyncDispose]()))
}

function processesGroup(freshness: 'confirmed' | 'none', verifiers: Verifiers): Group {
  const [base, ...rows] = PROCESSES.map((processes) => processesRow(freshness, verifiers.slice(0, processes)))
  if (base === undefined) throw new Error('there is no process')
  const mode = freshness === 'none' ? 'uncached' : "'confirmed'"
  const name = `Growth: verifications of several processes on one Redis, ${mode}, ${AT_ONCE} at once in each`
  return { name, compares: 'rate', base, rows }
}

function processesRow(freshness: 'confirmed' | 'none', verifiers: Verifiers): Row {
  return {
    name: verifiers.length === 1 ? '1 process' : `${verifiers.length} processes`,
    async run(times) {
      const each = Math.ceil(times / verifiers.length)
      await Promise.all(verifiers.map((verifier) => verifier.ask({ freshness, times: each })))
    },
  }
}
