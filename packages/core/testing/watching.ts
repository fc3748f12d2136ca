import { setImmediate as nextTurn } from 'node:timers/promises'
import { memoryStore } from '@tessera/memory-store'
import { vi } from 'vitest'
import type { Issued } from '../src/manage/issue-token.ts'
import type { TokensOptions } from '../src/setup/options.ts'
import type { TokenStore } from '../src/store/store.ts'
import { createTokens } from '../src/create-tokens.ts'
import type { Tokens } from '../src/tokens.ts'
import type { WatchErrorCode } from '../src/watch/watch-error.ts'
import { NOW } from './open-tokens.ts'

const STEP_MS = 50

/** Two processes on one store: one watches, the other one makes changes. */
export interface Watching {
  readonly store: TokenStore
  readonly tokens: Tokens
  readonly elsewhere: Tokens
  readonly clock: { now: number }
  readonly errors: Error[]
  /** What the watching process has asked the store, by method. */
  readonly calls: string[]
  /** Awaited before the store answers the watching process; it may fail. */
  before: (method: string) => Promise<void>
  /** Lets the clock and the timers run on together. They are fake: `setTimeout`, `clearTimeout` and `performance`. */
  pass(ms: number): Promise<void>
}

export function openWatching(
  options: Partial<TokensOptions> = {},
  { without = [], store = memoryStore() }: { without?: readonly string[]; store?: TokenStore } = {},
): Watching {
  const clock = { now: NOW }
  const errors: Error[] = []
  const calls: string[] = []
  const common = { prefix: 'ot_pat', activeLimit: null, now: () => clock.now, ...options }
  const watching: Watching = {
    store,
    tokens: createTokens({ ...common, store: asked(store, without), onError: (error) => errors.push(error) }),
    elsewhere: createTokens({ ...common, store }),
    clock,
    errors,
    calls,
    before: async () => {},
    async pass(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        clock.now += Math.min(left, STEP_MS)
        vi.advanceTimersByTime(Math.min(left, STEP_MS))
        for (let turns = 0; turns < 5; turns += 1) await nextTurn()
      }
    },
  }

  function asked<Asked extends object>(of: Asked, leftOut: readonly string[] = []): Asked {
    return new Proxy(of, {
      get(target, method) {
        const call: unknown = Reflect.get(target, method)
        if (method === 'cache' || leftOut.includes(String(method))) return undefined
        if (method === 'feed') return asked(call as object)
        if (typeof call !== 'function') return call
        return async (...args: unknown[]) => {
          calls.push(String(method))
          const answer: unknown = await Reflect.apply(call, target, args)
          await watching.before(String(method))
          return answer
        }
      },
    })
  }

  return watching
}

/** The code that a watch ended with; `null` while it is open. */
export function codeOf({ signal }: { readonly signal: AbortSignal }): WatchErrorCode | null {
  return signal.aborted ? (signal.reason as { readonly code: WatchErrorCode }).code : null
}

export async function issueTo(tokens: Tokens, owner = 'acme', more: object = {}): Promise<Issued> {
  return tokens.issue({ owner, name: 'CI', scopes: ['jobs:read', 'jobs:write'], ...more })
}
