import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { FlagError } from './flags.ts'

/** A store, and how to let go of what it was opened on. */
export interface OpenStore {
  readonly store: TokenStore
  readonly close: () => Promise<void>
}

/** @throws FlagError for a URL that names no store */
export function openStore(url: string): OpenStore {
  if (url === 'memory:') return { store: memoryStore(), close: async () => undefined }
  if (/^rediss?:/.test(url)) throw new FlagError(`--store ${url}: not available yet; use memory:`)
  throw new FlagError(`--store must be memory:, got "${url}"`)
}
