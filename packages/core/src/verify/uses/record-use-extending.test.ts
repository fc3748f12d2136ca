import { setImmediate as nextTurn } from 'node:timers/promises'
import { memoryStore } from '@tessera/memory-store'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cachingStore } from '../../../testing/caching-store.ts'
import { NOW, openTokens } from '../../../testing/open-tokens.ts'
import { watchStore } from '../../../testing/watched-store.ts'
import type { TokensOptions } from '../../setup/options.ts'

const HOUR = 3_600_000
const SLIDING = { expiry: { slidingMs: HOUR, maxMs: 10 * HOUR } }
const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }
const EXPIRED = { ok: false, reason: 'expired' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** A token whose expiry slides. */
async function issued(options: Partial<TokensOptions> = {}) {
  const opened = openTokens({ ...SLIDING, ...options })
  const { tokens, clock } = opened
  const { secret, token } = await tokens.issue(REQUEST)
  return {
    ...opened,
    secret,
    token,
    /** Lets the clock and the timers run on together. */
    async pass(ms: number): Promise<void> {
      for (const end = clock.now + ms; clock.now < end; ) {
        const step = Math.min(60_000, end - clock.now)
        clock.now += step
        vi.advanceTimersByTime(step)
        await nextTurn()
      }
    },
    expiry: async () => ((await tokens.get('acme', token.id))?.expiresAt?.getTime() ?? 0) - NOW,
  }
}

describe('an expiry that slides', () => {
  it('begins with the sliding time, and each use that is accepted moves it on, off the path of the request', async () => {
    const { tokens, secret, pass, expiry } = await issued()
    expect(await expiry()).toBe(HOUR)
    await pass(HOUR / 2)
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    await vi.advanceTimersByTimeAsync(0)
    expect(await expiry()).toBe(1.5 * HOUR)
    expect(await tokens.verify(secret, { scopes: ['jobs:write'] })).toMatchObject({ ok: false })
    await pass(60_000)
    expect(await expiry()).toBe(1.5 * HOUR)
  })

  it('keeps a token that is used alive up to the longest lifetime, and no longer', async () => {
    const { tokens, clock, secret, pass, expiry } = await issued()
    while (clock.now < NOW + 10 * HOUR - 1) {
      expect(await tokens.verify(secret)).toMatchObject({ ok: true })
      await pass(Math.min(HOUR / 2, NOW + 10 * HOUR - 1 - clock.now))
    }
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    await tokens.flush()
    expect(await expiry()).toBe(10 * HOUR)
    await pass(1)
    expect(await tokens.verify(secret)).toEqual(EXPIRED)
  })

  it('expires when nobody used the token in the sliding time', async () => {
    const { tokens, secret, pass } = await issued()
    await pass(HOUR)
    expect(await tokens.verify(secret)).toEqual(EXPIRED)
    await tokens.flush()
    expect(await tokens.verify(secret)).toEqual(EXPIRED)
  })

  it('never shortens a life that was asked for', async () => {
    const { tokens, pass } = await issued()
    const expiresAt = new Date(NOW + 5 * HOUR)
    const { secret, token } = await tokens.issue({ ...REQUEST, expiresAt })
    await tokens.verify(secret)
    await pass(2_000)
    expect(await tokens.get('acme', token.id)).toMatchObject({ expiresAt, lastUsedAt: new Date(NOW) })
  })

  it('leaves an expiry that was asked for as it is', async () => {
    const { tokens, clock, expiry, pass } = await issued()
    const expiresAt = new Date(NOW + HOUR / 2)
    const asked = await tokens.issue({ ...REQUEST, expiresAt })
    clock.now = NOW + HOUR / 2 - 2_000
    await tokens.verify(asked.secret)
    await pass(1_500)
    expect(await tokens.get('acme', asked.token.id)).toMatchObject({ expiresAt, lastUsedAt: expect.any(Date) })
    expect(await expiry()).toBe(HOUR)
  })

  it('never slides past the ceiling that the token was issued under', async () => {
    const { tokens, clock } = await issued()
    const expiryCeiling = new Date(NOW + 1.5 * HOUR)
    const child = await tokens.issue({ ...REQUEST, expiryCeiling })
    for (const at of [0.9, 1.4, 1.49]) {
      clock.now = NOW + at * HOUR
      expect(await tokens.verify(child.secret)).toMatchObject({ ok: true })
      await tokens.flush()
    }
    expect(await tokens.get('acme', child.token.id)).toMatchObject({ expiresAt: expiryCeiling })
    clock.now = NOW + 1.5 * HOUR
    expect(await tokens.verify(child.secret)).toEqual(EXPIRED)
  })

  it('writes no more often than uses are recorded', async () => {
    const { tokens, secret, pass, watched } = await issued()
    for (let second = 0; second < 600; second += 1) {
      await tokens.verify(secret)
      await pass(1_000)
    }
    const writes = watched.calls.filter(({ method }) => method === 'recordUse')
    expect(writes.length).toBeGreaterThanOrEqual(9)
    expect(writes.length).toBeLessThanOrEqual(11)
  })

  it('gives no life back that ended before the use could be written', async () => {
    const { recordUse, ...store } = memoryStore()
    const recorded = vi.fn<typeof recordUse>(recordUse).mockRejectedValueOnce(new Error('down'))
    const { tokens, clock, secret, expiry } = await issued({
      store: { ...store, recordUse: recorded },
      onError: () => {},
    })
    clock.now = NOW + HOUR - 1
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    clock.now = NOW + HOUR
    await tokens.flush()
    expect(recorded.mock.calls.at(-1)).toMatchObject([[{ at: NOW + HOUR - 1 }]])
    expect(await expiry()).toBe(HOUR)
  })

  it('is known to whoever wrote it, also if the cached record has an earlier one', async () => {
    const { tokens, clock, secret, expiry } = await issued({ store: cachingStore(memoryStore()) })
    const uses = [HOUR - 60_000, HOUR - 30_000, HOUR - 1]
    for (const at of uses) {
      clock.now = NOW + at
      expect(await tokens.verify(secret)).toMatchObject({ ok: true })
      clock.now = NOW + at + 2
      await tokens.flush()
    }
    expect(await expiry()).toBe(2 * HOUR - 1)
  })

  it('leaves tokens alone that do not expire, and all where no expiry slides', async () => {
    const { store } = watchStore(memoryStore())
    const plain = openTokens({ store })
    const { secret, token } = await plain.tokens.issue(REQUEST)
    const { tokens } = openTokens({ store, ...SLIDING })
    await tokens.verify(secret)
    await tokens.flush()
    expect(await tokens.get('acme', token.id)).toMatchObject({ expiresAt: null, lastUsedAt: new Date(NOW) })
    const expiresAt = new Date(NOW + HOUR)
    const other = await plain.tokens.issue({ ...REQUEST, expiresAt })
    plain.clock.now += 1
    await plain.tokens.verify(other.secret)
    await plain.tokens.flush()
    expect(await plain.tokens.get('acme', other.token.id)).toMatchObject({ expiresAt })
  })

  it('is read anew when the cached, earlier one has passed', async () => {
    const store = cachingStore(memoryStore())
    const { tokens, clock, secret } = await issued({ store })
    const others = openTokens({ ...SLIDING, store: cachingStore(store) })
    expect(await others.tokens.verify(secret)).toMatchObject({ ok: true })
    clock.now = NOW + HOUR / 2
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    await tokens.flush()
    others.clock.now = NOW + HOUR
    expect(await others.tokens.verify(secret)).toMatchObject({ ok: true, token: { lastUsedAt: new Date(clock.now) } })
    others.clock.now = NOW + 2 * HOUR
    expect(await others.tokens.verify(secret)).toEqual(EXPIRED)
  })
})
