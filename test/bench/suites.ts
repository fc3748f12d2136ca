import type { Suite } from './harness/bench.ts'

/**
 * By the names they are asked for with, in the order they run in. Each is loaded in its own process only: V8 optimizes less
 * what runs with several stores, of which an app has one, and what some libraries do when they are loaded makes every
 * promise of a process dearer.
 */
export const suites: ReadonlyMap<string, () => Promise<Suite>> = new Map([
  ['in-process', async () => (await import('./in-process/in-process.ts')).inProcess],
  ['cached', async () => (await import('./in-process/in-process.ts')).cached],
  ['peers', async () => (await import('./in-process/peers/peers.ts')).peers],
  ['redis', async () => (await import('./redis/redis.ts')).redis],
  ['http', async () => (await import('./http/http.ts')).http],
  ['scale', async () => (await import('./scale/scale.ts')).scale],
  ['growth', async () => (await import('./growth/growth.ts')).growth],
])
