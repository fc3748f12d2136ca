import { memoryStore } from '@tessera/memory-store'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { watchStore } from '../../testing/watched-store.ts'
import { StoreError } from '../token/errors.ts'
import { createTokens } from '../create-tokens.ts'

function open(store = memoryStore()) {
  const watched = watchStore(store)
  return { watched, tokens: createTokens({ store: watched.store, prefix: 'ot_pat' }) }
}

/** Lets the clock of the process go on, which no `now` moves. */
function after(ms: number): void {
  const { now } = performance
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + ms)
}

afterEach(() => void vi.restoreAllMocks())

describe('ready', () => {
  it('asks the store for one read a second, however many ask', async () => {
    const { tokens, watched } = open()
    await Promise.all([tokens.ready(), tokens.ready()])
    await tokens.ready()
    expect(watched.calls.map(({ method }) => method)).toEqual(['find'])
    after(1_000)
    await tokens.ready()
    expect(watched.calls).toHaveLength(2)
  })

  it('rejects with the failure of the store, and is back within a second', async () => {
    const { tokens, watched } = open()
    watched.failure = new Error('ECONNREFUSED')
    await expect(tokens.ready()).rejects.toMatchObject({ name: 'StoreError', cause: watched.failure })
    watched.failure = null
    await expect(tokens.ready()).rejects.toBeInstanceOf(StoreError)
    after(1_000)
    await expect(tokens.ready()).resolves.toBeUndefined()
  })

  it('waits no longer than 800 ms for a store that never answers', async () => {
    const startedAt = Date.now()
    const { tokens } = open({ ...memoryStore(), find: () => new Promise(() => {}) })
    await expect(tokens.ready()).rejects.toThrow('the token store failed to answer a read: no answer within 800 ms')
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(790)
  })
})
