import { memoryStore } from '@tessera/memory-store'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cachingStore } from '../../../testing/caching-store.ts'
import { NOW, openTokens } from '../../../testing/open-tokens.ts'
import type { TokensOptions } from '../../setup/options.ts'

const DAY = 24 * 60 * 60 * 1000
const REQUEST = { owner: 'acme', name: 'ci', scopes: [] }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** Tokens in a process whose timers never run: it is frozen after each answer, and thawed for the next request. */
async function frozen(options: Partial<TokensOptions> = {}) {
  const opened = openTokens(options)
  const issued = [await opened.tokens.issue(REQUEST), await opened.tokens.issue(REQUEST)] as const
  return { ...opened, issued }
}

describe.each([
  ['reads each time', memoryStore],
  ['holds the record', () => cachingStore(memoryStore())],
])('a process that is frozen after each answer, with a store that %s', (_, store) => {
  it('records the last use of every token, each day', async () => {
    const { tokens, clock, issued } = await frozen({ store: store() })
    for (let day = 1; day <= 100; day += 1) {
      for (const { secret } of issued) {
        clock.now = NOW + day * DAY
        await tokens.verify(secret)
      }
      const uses = (await tokens.list('acme')).tokens.map(({ lastUsedAt }) => lastUsedAt)
      expect(uses).toEqual([new Date(clock.now), new Date(clock.now)])
    }
  })

  it('keeps a token alive whose expiry slides, as long as it is in use', async () => {
    const expiry = { slidingMs: 2 * DAY, maxMs: 365 * DAY }
    const { tokens, clock, issued } = await frozen({ store: store(), expiry })
    for (let day = 1; day <= 60; day += 1) {
      clock.now = NOW + day * DAY
      for (const { secret } of issued) expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    }
  })
})
