import { memoryStore } from '@tessera/memory-store'
import type { TokensOptions } from '../src/setup/options.ts'
import { createTokens } from '../src/create-tokens.ts'
import type { Tokens } from '../src/tokens.ts'
import { watchStore } from './watched-store.ts'
import type { WatchedStore } from './watched-store.ts'

export const NOW: number = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

export interface OpenTokens {
  readonly tokens: Tokens
  readonly watched: WatchedStore
  /** The clock that the tokens read. */
  readonly clock: { now: number }
}

/** Tokens on a memory store of their own, under a clock that stands still until a test moves it. */
export function openTokens(options: Partial<TokensOptions> = {}): OpenTokens {
  const watched = watchStore(memoryStore())
  const clock = { now: NOW }
  const tokens = createTokens({ store: watched.store, prefix: 'ot_pat', now: () => clock.now, ...options })
  return { tokens, watched, clock }
}
