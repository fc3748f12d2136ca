import { OTHER_BUILD } from './beside/builds.ts'
import type { Suite } from './harness/bench.ts'

/** A part of a suite, loaded when it runs. */
type Part = () => Promise<Suite>

const inProcess = () => import('./in-process/in-process.ts')
const redis = () => import('./redis/redis.ts')
const postgres = () => import('./postgres/postgres.ts')
const beside = () => import('./beside/beside.ts')

const BESIDE: readonly Part[] = [
  async () => (await beside()).besideVerify,
  async () => (await beside()).besideMemory,
  async () => (await beside()).besideRedis,
  async () => (await beside()).besideCluster,
]

/**
 * By the names they are asked for with, in the order they run in. Each part has a process of its own: V8 optimizes less what
 * runs with several stores, of which an app has one, and what some libraries do when they are loaded makes every promise of
 * a process dearer.
 */
export const suites: ReadonlyMap<string, readonly Part[]> = new Map<string, readonly Part[]>([
  [
    'in-process',
    [
      async () => (await inProcess()).inMemory,
      async () => (await inProcess()).bounded,
      async () => (await inProcess()).confirmed,
      async () => (await inProcess()).leased,
      async () => (await inProcess()).uncached,
    ],
  ],
  ['peers', [async () => (await import('./in-process/peers/peers.ts')).peers]],
  [
    'redis',
    [
      async () => (await redis()).counted,
      async () => (await redis()).uncached,
      async () => (await redis()).confirmed,
      async () => (await redis()).writes,
    ],
  ],
  [
    'postgres',
    [
      async () => (await postgres()).lookUps,
      async () => (await postgres()).confirmed,
      async () => (await postgres()).writes,
      async () => (await postgres()).pages,
    ],
  ],
  ['sqlite', [async () => (await import('./sqlite/sqlite.ts')).sqlite]],
  ['http', [async () => (await import('./http/http.ts')).http]],
  ['scale', [async () => (await import('./scale/scale.ts')).scale]],
  ['growth', [async () => (await import('./growth/growth.ts')).growth]],
  // Only where there is another build.
  ...(OTHER_BUILD === undefined ? [] : [['beside', BESIDE] as const]),
])
