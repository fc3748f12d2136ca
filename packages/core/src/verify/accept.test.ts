import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { cachingStore } from '../../testing/caching-store.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import { watchStore } from '../../testing/watched-store.ts'
import type { TokenCache } from '../store/store.ts'
import { digestSecret } from '../token/secret/digest.ts'
import { shardOf } from '../token/secret/secret.ts'
import { createTokens } from '../create-tokens.ts'

const EVERY_MS = 60_000

/** A token that was verified once: its record is cached. */
async function verified({ scopes = ['jobs:read'], expiresAt = null as Date | null } = {}) {
  const watched = watchStore(memoryStore())
  const store = cachingStore(watched.store)
  const opened = openTokens({ store, recordUseEveryMs: EVERY_MS })
  const { secret, token } = await opened.tokens.issue({ owner: 'acme', name: 'ci', scopes, expiresAt })
  const first = await opened.tokens.verify(secret)
  watched.calls.length = 0
  return { ...opened, watched, store, secret, token, first }
}

/** Changes whatever lets itself be changed, at any depth. */
function changeAll(value: unknown): void {
  if (value instanceof Date) value.setTime(0)
  else if (typeof value === 'object' && value !== null) {
    for (const name of Reflect.ownKeys(value)) {
      changeAll(Reflect.get(value, name))
      Reflect.set(value, name, name === 'length' ? 0 : 'changed')
    }
    Reflect.set(value, 'added', 'changed')
  }
}

describe('a verification of a cached record', () => {
  it('calls the store for nothing', async () => {
    const { tokens, watched, secret, first } = await verified()
    expect(await tokens.verify(secret)).toStrictEqual(first)
    expect(await tokens.verify(secret)).toStrictEqual(first)
    expect(watched.calls).toEqual([])
  })

  it('lets no caller change what another gets, or has got', async () => {
    const { tokens, secret, token } = await verified({ expiresAt: new Date(NOW + EVERY_MS) })
    const ask = [
      () => tokens.verify(secret),
      async () => ({ ok: true, token: await tokens.authenticate(secret) }),
      () => tokens.checkById('acme', token.id),
      async () => ({ ok: true, token: await tokens.get('acme', token.id) }),
      async () => ({ ok: true, token: (await tokens.list('acme')).tokens[0] }),
      async () => ({ ok: true, token: await tokens.introspect(secret) }),
    ]
    const held = await Promise.all(ask.map((each) => each()))
    const before = held.map((answer) => JSON.stringify(answer))
    const again = JSON.stringify(await tokens.verify(secret))
    for (const each of ask) {
      changeAll(await each())
      expect(held.map((answer) => JSON.stringify(answer))).toEqual(before)
      expect(JSON.stringify(await tokens.verify(secret))).toBe(again)
    }
  })

  it('refuses it from the instant of its expiry', async () => {
    const { tokens, clock, secret } = await verified({ expiresAt: new Date(NOW + 10) })
    clock.now = NOW + 9
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    clock.now = NOW + 10
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'expired' })
  })

  it('refuses a token that was rotated from the end of the overlap', async () => {
    const { tokens, store, clock, secret, token } = await verified()
    await tokens.rotate('acme', token.id, { overlapMs: 10 })
    const others = createTokens({ store: cachingStore(store), prefix: 'ot_pat', now: () => clock.now })
    for (clock.now = NOW; clock.now < NOW + 10; clock.now += 1) {
      expect(await others.verify(secret)).toMatchObject({ ok: true })
    }
    expect(await others.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('ends the time of a predecessor before it accepts the successor, and only then', async () => {
    const { tokens, watched, token, secret } = await verified()
    const successor = await tokens.rotate('acme', token.id)
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    watched.failure = new Error('down')
    await expect(tokens.verify(successor.secret)).rejects.toMatchObject({ name: 'StoreError' })
    watched.failure = null
    expect(await tokens.verify(successor.secret)).toMatchObject({ ok: true, token: { rotatedFrom: token.id } })
    expect(await tokens.get('acme', token.id)).toMatchObject({ status: 'revoked', revokedReason: 'rotated' })
  })

  it('ends the time of a predecessor once for many who use the successor at the same moment', async () => {
    const { tokens, watched, token } = await verified()
    const { secret } = await tokens.rotate('acme', token.id)
    watched.calls.length = 0
    const verifications = await Promise.all(Array.from({ length: 20 }, () => tokens.verify(secret)))
    expect(verifications.every(({ ok }) => ok)).toBe(true)
    expect(watched.calls.filter(({ method }) => method === 'change')).toHaveLength(2)
  })

  it('asks each request where it comes from, where the token is bound to networks', async () => {
    const { tokens, clock, store } = await verified()
    const request = { owner: 'acme', name: 'ci', scopes: [], networks: ['192.0.2.0/24'] }
    const { secret } = await tokens.issue(request)
    const others = createTokens({ store, prefix: 'ot_pat', now: () => clock.now })
    for (let round = 0; round < 3; round += 1) {
      expect(await others.verify(secret, { ip: '192.0.2.7' })).toMatchObject({ ok: true })
      expect(await others.verify(secret, { ip: '198.51.100.7' })).toEqual({ ok: false, reason: 'network_not_allowed' })
      expect(await others.verify(secret)).toEqual({ ok: false, reason: 'network_not_allowed' })
    }
  })

  it('asks for the scopes of each request', async () => {
    const { tokens, secret } = await verified()
    const refused = { ok: false, reason: 'insufficient_scope' }
    expect(await tokens.verify(secret, { scopes: ['jobs:read'] })).toMatchObject({ ok: true })
    expect(await tokens.verify(secret, { scopes: ['jobs:write'] })).toEqual(refused)
    expect(await tokens.verify(secret, { anyScope: ['jobs:write', 'jobs:read'] })).toMatchObject({ ok: true })
    expect(await tokens.verify(secret, { anyScope: [] })).toEqual(refused)
  })

  it('refuses a secret of tokens with another prefix, though the store is the same', async () => {
    const { store, secret } = await verified()
    const others = createTokens({ store, prefix: 'ot_app', now: () => NOW })
    expect(await others.verify(secret)).toEqual({ ok: false, reason: 'malformed' })
  })

  it('rejects when looking fails, at once or later', async () => {
    const cause = new Error('ECONNRESET')
    const thrower = () => {
      throw cause
    }
    const faults: Partial<TokenCache>[] = [
      { find: thrower },
      { has: thrower, confirm: async () => {} },
      { confirm: () => Promise.reject(cause) },
      { confirm: thrower },
    ]
    for (const fault of faults) {
      const { store, secret } = await verified()
      const cache: TokenCache = { has: () => true, find: () => null, findToken: store.find, ...fault }
      const tokens = createTokens({ store: { ...store, cache }, prefix: 'ot_pat', now: () => NOW })
      await expect(tokens.verify(secret)).rejects.toMatchObject({ name: 'StoreError', cause })
      expect(tokens.stats()).toMatchObject({ storeErrors: 1 })
    }
  })

  it('records the use, also long after the last one was written', async () => {
    const { tokens, clock, watched, secret, token } = await verified()
    const used = async () => {
      await tokens.verify(secret)
      await tokens.flush()
      return (await tokens.get('acme', token.id))?.lastUsedAt
    }
    for (const at of [NOW + 1, NOW + EVERY_MS, NOW + 5 * EVERY_MS, NOW + 9 * EVERY_MS]) {
      clock.now = at
      expect(await used()).toEqual(new Date(at))
    }
    expect(watched.calls.filter(({ method }) => method === 'recordUse').length).toBeGreaterThanOrEqual(4)
  })

  it('keeps a record that was found under a retired digest under the current one', async () => {
    const { store, secret, watched } = await verified()
    const pepper = { current: 'p'.repeat(32), retired: [null] }
    const tokens = createTokens({ store, prefix: 'ot_pat', now: () => NOW, pepper })
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    await tokens.close()
    expect(watched.calls.map(({ method }) => method)).toEqual(['recordUse', 'change'])
    expect(await watched.store.findByDigest([digestSecret(secret, pepper.current)], shardOf('acme'))).not.toBeNull()
  })
})
