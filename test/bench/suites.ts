import type { Suite } from './harness/bench.ts'
import { growth } from './growth/growth.ts'
import { http } from './http/http.ts'
import { inProcess } from './in-process/in-process.ts'
import { redis } from './redis/redis.ts'
import { scale } from './scale/scale.ts'

/** By the names they are asked for with, in the order they run in. */
export const suites: ReadonlyMap<string, Suite> = new Map([
  ['in-process', inProcess],
  ['redis', redis],
  ['http', http],
  ['scale', scale],
  ['growth', growth],
])
