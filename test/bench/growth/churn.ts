import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { Token, Tokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { startRedis } from '../../redis/index.ts'
import type { Bench } from '../harness/bench.ts'
import type { Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { percentileOf } from '../harness/spread.ts'
import { inTurn, issueTokens, PREFIX } from '../in-process/issued-tokens.ts'
import { cpuOf } from '../redis/cpu-of.ts'
import { AT_ONCE } from './verifier.ts'

const COUNT = 10_000
const PERCENTS = [0, 1, 10]
// Where none of the load revokes, one caller beside it does, so seldom that it hardly counts.
const PROBE_EVERY = 2_000

interface Churn {
  readonly percent: number
  readonly row: Row
  /** How long each revocation took to be acknowledged, in milliseconds. */
  readonly acknowledgedMs: number[]
}

/** How revocations mixed into verifications slow these down, and how long each takes to be acknowledged. */
export async function measureChurn(bench: Bench): Promise<void> {
  await using server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  const store = redisStore(client)
  const { secrets } = await issueTokens(store, COUNT)
  const tokens = createTokens({ store: cachedStore(store), prefix: PREFIX, activeLimit: null })
  const churns = PERCENTS.map((percent) => churnOf(percent, tokens, secrets))
  const [none, ...others] = churns
  if (none === undefined) throw new Error('there is no churn to measure')
  const name = `Growth: verifications with revocations among them, 'confirmed', ${AT_ONCE} at once`
  const rows = others.map(({ row }) => row)
  const cpu = () => cpuOf([client])
  await bench.measure({ name, compares: 'rate', base: none.row, rows, cpu }, { roundMs: 150 })
  bench.table({
    name: 'Growth: from revoke to its acknowledgement',
    columns: ['revocations', 'p50, ms', 'p99, ms', 'counted'],
    rows: churns.map(({ percent, acknowledgedMs }) => [
      `${percent} %`,
      percentileOf(acknowledgedMs, 0.5).toFixed(2),
      percentileOf(acknowledgedMs, 0.99).toFixed(2),
      acknowledgedMs.length,
    ]),
  })
  await tokens.close()
  client.disconnect()
}

function churnOf(percent: number, tokens: Tokens, secrets: readonly string[]): Churn {
  const every = percent === 0 ? PROBE_EVERY : 100 / percent
  const next = inTurn(secrets)
  const waiting: Token[] = []
  const acknowledgedMs: number[] = []

  async function issue(number: number): Promise<void> {
    const issued = await tokens.issue({ owner: `leaver-${number % 1_000}`, name: 'ci-deploy', scopes: ['jobs:read'] })
    // Verified once, so that it is cached as any token in use is.
    await tokens.verify(issued.secret)
    waiting.push(issued.token)
  }

  async function revoke(): Promise<void> {
    const token = waiting.pop()
    if (token === undefined) throw new Error('there is no token left to revoke')
    const startedAt = performance.now()
    await tokens.revoke(token.owner, token.id)
    acknowledgedMs.push(performance.now() - startedAt)
  }

  async function verify(): Promise<void> {
    const verification = await tokens.verify(next())
    if (!verification.ok) throw new Error(`a token was refused: ${verification.reason}`)
  }

  const note = percent === 0 ? { note: `every ${PROBE_EVERY.toLocaleString('en')}th, to see how long one takes` } : {}
  const row: Row = {
    name: `${percent} % revocations`,
    ...note,
    prepare: (times) => repeat(2 * Math.ceil(times / every), AT_ONCE, issue),
    run: (times) => repeat(times, AT_ONCE, (number) => (number % every === 0 ? revoke() : verify())),
  }
  return { percent, row, acknowledgedMs }
}
