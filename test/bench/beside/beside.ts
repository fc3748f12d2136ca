import type { TokenStore } from '@tessera/core'
import { Cluster, Redis } from 'ioredis'
import { startCluster, startRedis } from '../../redis/index.ts'
import type { Bench, Suite } from '../harness/bench.ts'
import type { CpuTimes } from '../harness/cpu.ts'
import type { Row } from '../harness/group.ts'
import { atLeast } from '../harness/target.ts'
import { issueTokens } from '../in-process/issued-tokens.ts'
import { cpuOf } from '../redis/cpu-of.ts'
import { verifyRow } from '../redis/lookups.ts'
import { loadBuilds } from './builds.ts'
import type { Build, Builds } from './builds.ts'
import { changeRows } from './change-rows.ts'
import type { Changes } from './change-rows.ts'

const COUNT = 10_000
const FEW = 1_000
const SETTINGS = { rounds: 25, roundMs: 40 }
const NODES = 3
const OTHER = 'the other build'
const OWN = 'this build'
const ON_ONE_SERVER = { issue: 0.95, revoke: 0.9, suspend: 0.9, edit: 0.9, rotate: 0.8 }
const ON_CLUSTER = { issue: 0.95, revoke: 0.55, suspend: 0.55, edit: 0.55, rotate: 0.55 }
const IN_MEMORY = { issue: 0.8, revoke: 0.8, suspend: 0.8, edit: 0.8, rotate: 0.8 }

/** Verification, in process and on Redis. */
export const besideVerify: Suite = async (bench) => {
  const builds = await loadBuilds()
  await using server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  let opened = 0
  const onRedis = (build: Build) => build.redisStore(client, { keyPrefix: `${(opened += 1)}:` })
  const cached = (build: Build, freshness?: { maxStalenessMs: number }) =>
    build.cachedStore(onRedis(build), freshness && { freshness })
  const cpu = () => cpuOf([client])
  const inMemory = { count: COUNT, callers: [1], cpu }
  await compareVerify(bench, builds, 'memory-store', (build) => build.memoryStore(), inMemory)
  const bounded = (build: Build) => cached(build, { maxStalenessMs: 60_000 })
  await compareVerify(bench, builds, 'cached-store, { maxStalenessMs }', bounded, { count: FEW, callers: [1], cpu })
  await compareVerify(bench, builds, "cached-store, 'confirmed'", cached, { count: FEW, callers: [1, 64], cpu })
  await compareVerify(bench, builds, 'redis-store', onRedis, { count: FEW, callers: [1, 64], cpu })
  client.disconnect()
}

export const besideMemory: Suite = async (bench) => {
  const builds = await loadBuilds()
  await compareChanges(bench, 'memory-store', IN_MEMORY, {
    own: changeRows(OWN, builds.own, builds.own.memoryStore(), 1),
    other: changeRows(OTHER, builds.other, builds.other.memoryStore(), 1),
    cpu: () => cpuOf([]),
  })
}

export const besideRedis: Suite = async (bench) => {
  const builds = await loadBuilds()
  await using server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  for (const callers of [1, 64]) {
    const rows = redisRows(builds, client, callers)
    await compareChanges(bench, `one Redis server, ${callers} at once`, ON_ONE_SERVER, {
      ...rows,
      cpu: () => cpuOf([client]),
    })
  }
  client.disconnect()
}

export const besideCluster: Suite = async (bench) => {
  const builds = await loadBuilds()
  await using cluster = await startCluster(NODES)
  const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
  for (const callers of [1, 64]) {
    const rows = redisRows(builds, client, callers)
    const cpu = () => cpuOf(client.nodes('master'))
    await compareChanges(bench, `Cluster of ${NODES}, ${callers} at once`, ON_CLUSTER, { ...rows, cpu })
  }
  client.disconnect()
}

function redisRows(builds: Builds, client: Redis | Cluster, callers: number): { own: Changes; other: Changes } {
  const rowsOf = (name: string, build: Build) =>
    changeRows(name, build, build.redisStore(client, { keyPrefix: prefixOf(build, builds) }), callers)
  return { own: rowsOf(OWN, builds.own), other: rowsOf(OTHER, builds.other) }
}

function prefixOf(build: Build, { own }: Builds): string {
  return build === own ? 'own:' : 'other:'
}

type Cpu = () => Promise<CpuTimes>

async function compareVerify(
  bench: Bench,
  { own, other }: Builds,
  name: string,
  open: (build: Build) => TokenStore,
  { count, callers, cpu }: { readonly count: number; readonly callers: readonly number[]; readonly cpu: Cpu },
): Promise<void> {
  const rowsOf = async (row: string, build: Build): Promise<(at: number) => Row> => {
    const { tokens, secrets } = await issueTokens(open(build), count, build.createTokens)
    return (at) => verifyRow(row, tokens, secrets, at)
  }
  const [ownRow, otherRow] = [await rowsOf(OWN, own), await rowsOf(OTHER, other)]
  for (const at of callers) {
    await bench.measure(
      {
        name: `Beside: verify, ${name}, ${at} at once`,
        compares: 'rate',
        base: otherRow(at),
        rows: [{ ...ownRow(at), target: atLeast(0.97) }],
        cpu,
      },
      SETTINGS,
    )
  }
}

async function compareChanges(
  bench: Bench,
  where: string,
  targets: Readonly<Record<keyof Changes, number>>,
  { own, other, cpu }: { readonly own: Changes; readonly other: Changes; readonly cpu: Cpu },
): Promise<void> {
  for (const change of ['issue', 'revoke', 'suspend', 'edit', 'rotate'] as const) {
    await bench.measure(
      {
        name: `Beside: ${change}, ${where}`,
        compares: 'rate',
        base: other[change],
        rows: [{ ...own[change], target: atLeast(targets[change]) }],
        cpu,
      },
      SETTINGS,
    )
  }
}
