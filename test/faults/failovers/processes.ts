import { setTimeout as wait } from 'node:timers/promises'
import { cachedStore } from '@tessera/cached-store'
import type { Freshness } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { TokenStore, Tokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { MAJORS, newestMajor } from '../../../packages/redis-store/testing/ioredis-majors.ts'
import type { Major, TestClient } from '../../../packages/redis-store/testing/ioredis-majors.ts'
import { isLongRun } from '../../support/how-much.ts'

/** The tokens as one process of an app has them, over a client of its own. */
export interface Process extends AsyncDisposable {
  /** For reports, e.g. `ioredis 6, confirmed`. */
  readonly name: string
  readonly tokens: Tokens
}

/** Processes that verify, with a cache and without. */
export interface Processes extends AsyncDisposable {
  readonly all: readonly Process[]
  /** Uses a token through each of them from now on, as an app that is in use does. */
  keepBusy(secret: string): void
}

export type Connect = (major: Major) => TestClient

export interface ProcessOptions {
  readonly minReplicas?: number
  /** Whether one of the processes has leases. Default in a long run only. */
  readonly hasLeases?: boolean
}

/** How a process caches. Processes with leases and without share a store, as in a deployment that goes over to them. */
export type Caching = Exclude<Freshness, object>

const PACE_MS = 20
/** Of every process: each waits for the leases of the others. */
export const LEASE_MS = 100

/** One for each major of ioredis, with a cache and without, and one with leases, which know nothing of clients. */
export function openProcesses(connect: Connect, { hasLeases = isLongRun, ...options }: ProcessOptions = {}): Processes {
  const ofEach = MAJORS.flatMap(([name, major]) =>
    (['confirmed', 'none'] as const).map((caching) => open(`${name}, ${caching}`, connect(major), caching, options)),
  )
  return gather(hasLeases ? [...ofEach, open('ioredis 6, leased', connect(newestMajor), 'leased', options)] : ofEach)
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
  return open('writer', connect(newestMajor), 'none', options)
}

function open(name: string, client: TestClient, caching: Caching, { minReplicas = 0 }: ProcessOptions): Process {
  const store = redisStore(client, { leaseMs: LEASE_MS, minReplicas })
  return openProcess(name, cachedStore(store, { freshness: caching }), () => client.disconnect())
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
