import { setTimeout as wait } from 'node:timers/promises'
import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { TokenStore, Tokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { MAJORS, newestMajor } from '../../../packages/redis-store/testing/ioredis-majors.ts'
import type { Major, TestClient } from '../../../packages/redis-store/testing/ioredis-majors.ts'

/** The tokens as one process of an app has them, over a client of its own. */
export interface Process extends AsyncDisposable {
  /** For reports, e.g. `ioredis 6, cached`. */
  readonly name: string
  readonly tokens: Tokens
}

/** Processes that verify, one for each major of ioredis, with a cache and without. */
export interface Processes extends AsyncDisposable {
  readonly all: readonly Process[]
  /** Uses a token through each of them from now on, as an app that is in use does. */
  keepBusy(secret: string): void
}

export type Connect = (major: Major) => TestClient

export interface ProcessOptions {
  readonly minReplicas?: number
}

const PACE_MS = 20
const CACHES = ['cached', 'uncached'] as const

export function openProcesses(connect: Connect, options: ProcessOptions = {}): Processes {
  return gather(
    MAJORS.flatMap(([major, make]) =>
      CACHES.map((cache) => open(`${major}, ${cache}`, connect(make), { ...options, isCached: cache === 'cached' })),
    ),
  )
}

/** @param all Are closed together. */
export function gather(all: readonly Process[]): Processes {
  const end = new AbortController()

  async function use({ tokens }: Process, secret: string): Promise<void> {
    while (!end.signal.aborted) {
      void tokens.verify(secret).catch(() => {})
      await wait(PACE_MS)
    }
  }

  return {
    all,
    keepBusy(secret) {
      for (const process of all) void use(process, secret)
    },
    async [Symbol.asyncDispose]() {
      end.abort()
      await Promise.all(all.map((process) => process[Symbol.asyncDispose]()))
    },
  }
}

/** A process that issues and revokes. */
export function openWriter(connect: Connect, options: ProcessOptions = {}): Process {
  return open('writer', connect(newestMajor), { ...options, isCached: false })
}

function open(
  name: string,
  client: TestClient,
  { isCached, ...options }: ProcessOptions & { readonly isCached: boolean },
): Process {
  const redis = redisStore(client, options)
  return openProcess(name, isCached ? cachedStore(redis) : redis, () => client.disconnect())
}

/** @param disconnect Ends the connections of the store. */
export function openProcess(name: string, store: TokenStore, disconnect: () => unknown): Process {
  const tokens = createTokens({ store, prefix: 'ot_pat', activeLimit: null, onError() {} })
  return {
    name,
    tokens,
    async [Symbol.asyncDispose]() {
      await tokens.close().catch(() => {})
      await disconnect()
    },
  }
}
