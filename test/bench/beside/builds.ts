import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { cachedStore } from '@tessera/cached-store'
import type { createTokens } from '@tessera/core'
import type { memoryStore } from '@tessera/memory-store'
import type { redisStore } from '@tessera/redis-store'

/** The packages of one work tree, as they are built there. */
export interface Build {
  readonly createTokens: typeof createTokens
  readonly memoryStore: typeof memoryStore
  readonly redisStore: typeof redisStore
  readonly cachedStore: typeof cachedStore
}

/** This build, and the one that it is measured beside. */
export interface Builds {
  readonly own: Build
  readonly other: Build
}

/** The folder of another work tree, if one is named. */
export const OTHER_BUILD: string | undefined = process.env['TESSERA_BENCH_BESIDE']

export async function loadBuilds(): Promise<Builds> {
  return { own: await loadBuild(process.cwd()), other: await loadBuild(resolve(OTHER_BUILD ?? '')) }
}

async function loadBuild(root: string): Promise<Build> {
  const names = ['core', 'memory-store', 'redis-store', 'cached-store']
  const urls = names.map((name) => pathToFileURL(join(root, 'packages', name, 'dist', 'index.js')).href)
  const modules = await Promise.all(urls.map((url) => import(url) as Promise<object>))
  return Object.assign({}, ...modules) as Build
}
