import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it, vi } from 'vitest'
import { cachingStore } from '../../testing/caching-store.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { OpenTokens } from '../../testing/open-tokens.ts'
import type { TokensOptions } from '../setup/options.ts'
import type { TokenStore } from '../store/store.ts'
import { digestSecret } from '../token/secret/digest.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'
import type { Token } from '../token/token.ts'
import type { TokenEvent } from './token-event.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'], createdBy: 'ada@acme.test' }

interface Heard extends OpenTokens {
  /** The events that the hook got since the last call. */
  hear(): Promise<TokenEvent[]>
}

function openHeard(options: Partial<TokensOptions> = {}): Heard {
  const published: TokenEvent[] = []
  const opened = openTokens({ onEvent: (event) => published.push(event), ...options })
  return {
    ...opened,
    async hear() {
      await new Promise((resolve) => setImmediate(resolve))
      return published.splice(0)
    },
  }
}

/** What every event about a token has. */
function about({ owner, id, preview }: Token, at = NOW) {
  return { at: new Date(at), owner, tokenId: id, preview }
}

const NO_TOKEN = { owner: null, tokenId: null, preview: null }

describe('onEvent', () => {
  it('hears of a token’s life, in order, with who, when, which and why', async () => {
    const { tokens, clock, hear } = openHeard()
    const by = 'eve@acme.test'
    const { secret, token } = await tokens.issue(REQUEST)
    clock.now = NOW + 1
    await tokens.verify(secret)
    clock.now = NOW + 2
    await tokens.suspend('acme', token.id, { by })
    await tokens.verify(secret)
    clock.now = NOW + 3
    await tokens.resume('acme', token.id)
    await tokens.revoke('acme', token.id, { by })
    expect(await hear()).toEqual([
      { type: 'issued', ...about(token), by: 'ada@acme.test', replayed: false },
      { type: 'first_used', ...about(token, NOW + 1) },
      { type: 'suspended', ...about(token, NOW + 2), by, changed: true },
      { type: 'refused', ...about(token, NOW + 2), reason: 'suspended', omitted: 0 },
      { type: 'resumed', ...about(token, NOW + 3), by: null, changed: true },
      { type: 'revoked', ...about(token, NOW + 3), by, changed: true, reason: 'requested' },
    ])
  })

  it('hears of a command again that was carried out before, and that it changed nothing', async () => {
    const { tokens, clock, hear } = openHeard()
    const { token, secret } = await tokens.issue({ ...REQUEST, idempotencyKey: 'k' })
    await tokens.suspend('acme', token.id)
    await hear()
    clock.now = NOW + 5
    await tokens.issue({ ...REQUEST, idempotencyKey: 'k' })
    await tokens.suspend('acme', token.id)
    await tokens.revoke('acme', token.id)
    clock.now = NOW + 6
    await tokens.revokeSecret(secret ?? '')
    expect(await hear()).toMatchObject([
      { type: 'issued', at: new Date(NOW + 5), replayed: true },
      { type: 'suspended', changed: false },
      { type: 'revoked', changed: true },
      { type: 'revoked', at: new Date(NOW + 6), changed: false },
    ])
  })

  it('hears of an edit, a rotation, the end of the replaced token and its use after that', async () => {
    const { tokens, clock, hear } = openHeard()
    const { token, secret } = await tokens.issue(REQUEST)
    await tokens.edit('acme', token.id, { name: 'renamed' }, { by: 'ann' })
    const successor = await tokens.rotate('acme', token.id, { by: 'ann' })
    await hear()
    clock.now = NOW + 5
    await tokens.verify(successor.secret)
    await tokens.verify(secret)
    await tokens.verify(secret)
    clock.now = NOW + 2_000
    await tokens.verify(secret)
    const at = new Date(NOW + 5)
    const replaced = { owner: 'acme', tokenId: token.id }
    expect(await hear()).toEqual([
      { type: 'revoked', at, ...replaced, preview: null, by: null, changed: true, reason: 'rotated' },
      { type: 'first_used', ...about(successor.token), at },
      { type: 'reused_after_rotation', at, ...replaced, preview: token.preview, omitted: 0 },
      { type: 'reused_after_rotation', at: new Date(NOW + 2_000), ...replaced, preview: token.preview, omitted: 1 },
    ])
    expect(await tokens.verify(successor.secret)).toMatchObject({ ok: true })
  })

  it('hears once of the end of a token, of however many who use its successor at the same moment', async () => {
    const { tokens, hear } = openHeard()
    const { token } = await tokens.issue(REQUEST)
    const { secret } = await tokens.rotate('acme', token.id)
    await hear()
    await Promise.all(Array.from({ length: 20 }, () => tokens.verify(secret)))
    expect((await hear()).filter(({ type }) => type === 'revoked')).toHaveLength(1)
  })

  it('hears of an edit and a rotation who asked for them', async () => {
    const { tokens, hear } = openHeard()
    const { token } = await tokens.issue(REQUEST)
    await hear()
    await tokens.edit('acme', token.id, { name: 'renamed' }, { by: 'ann' })
    const { token: successor } = await tokens.rotate('acme', token.id, { by: 'bob' })
    const { revoked } = await tokens.revokeAll('acme', { reason: 'leaked', by: 'cy' })
    expect(await hear()).toMatchObject([
      { type: 'edited', ...about(token), by: 'ann', changed: true },
      { type: 'rotated', ...about(token), by: 'bob', rotatedTo: successor.id },
      { type: 'revoked_all', owner: 'acme', by: 'cy', reason: 'leaked', count: revoked, replayed: false },
    ])
  })

  it('hears who revokes by secret', async () => {
    const { tokens, hear } = openHeard()
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.revokeSecret(secret, { by: 'scanner' })
    expect((await hear()).at(-1)).toEqual({
      ...{ type: 'revoked', ...about(token), by: 'scanner' },
      ...{ changed: true, reason: 'requested' },
    })
  })

  it('hears of a token that the limit did not allow', async () => {
    const { tokens, hear } = openHeard({ activeLimit: 1 })
    await tokens.issue(REQUEST)
    await hear()
    await expect(tokens.issue(REQUEST)).rejects.toMatchObject({ code: 'active_limit_reached' })
    const facts = { owner: 'acme', by: 'ada@acme.test', limit: 1, active: 1 }
    expect(await hear()).toEqual([{ type: 'limit_reached', at: new Date(NOW), ...facts }])
  })

  it('hears of no command that failed', async () => {
    const { tokens, watched, hear } = openHeard()
    const { token } = await tokens.issue(REQUEST)
    await tokens.revoke('acme', token.id)
    await hear()
    await expect(tokens.resume('acme', token.id)).rejects.toMatchObject({ code: 'invalid_transition' })
    await expect(tokens.revoke('other', token.id)).rejects.toMatchObject({ code: 'token_not_found' })
    watched.failure = new Error('down')
    await expect(tokens.revoke('acme', token.id)).rejects.toMatchObject({ name: 'StoreError' })
    await expect(tokens.issue(REQUEST)).rejects.toMatchObject({ name: 'StoreError' })
    expect(await hear()).toEqual([])
  })

  it('hears why a secret was refused, and which token’s it is where it is that of one', async () => {
    const { tokens, clock, hear } = openHeard()
    const { secret, token } = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 1) })
    await hear()
    await tokens.verify(undefined)
    await tokens.verify('x')
    await tokens.verify(generateSecret('ot_pat', shardOf('acme')))
    await tokens.verify(secret, { scopes: ['jobs:write'] })
    clock.now = NOW + 1
    await tokens.verify(secret)
    await tokens.revoke('acme', token.id)
    await tokens.verify(secret)
    const refused = (await hear()).filter(({ type }) => type === 'refused')
    expect(refused).toEqual([
      { type: 'refused', at: new Date(NOW), ...NO_TOKEN, reason: 'missing', omitted: 0 },
      { type: 'refused', at: new Date(NOW), ...NO_TOKEN, reason: 'malformed', omitted: 0 },
      { type: 'refused', at: new Date(NOW), ...NO_TOKEN, reason: 'unknown', omitted: 0 },
      { type: 'refused', ...about(token), reason: 'insufficient_scope', omitted: 0 },
      { type: 'refused', ...about(token, NOW + 1), reason: 'expired', omitted: 0 },
      { type: 'refused', ...about(token, NOW + 1), reason: 'revoked', omitted: 0 },
    ])
  })

  it('knows the token of a record that the store holds', async () => {
    const { tokens, hear } = openHeard({ store: cachingStore(memoryStore()) })
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    await tokens.verify(secret, { scopes: ['jobs:write'] })
    expect((await hear()).at(-1)).toEqual({
      ...{ type: 'refused', ...about(token) },
      ...{ reason: 'insufficient_scope', omitted: 0 },
    })
  })

  it('hears once in a second of refusals for one reason, and how many were left out', async () => {
    const { tokens, clock, hear } = openHeard()
    for (let n = 0; n < 100; n++) await tokens.verify('x')
    await tokens.verify(undefined)
    clock.now = NOW + 999
    await tokens.verify('x')
    clock.now = NOW + 1000
    await tokens.verify('x')
    clock.now = NOW + 2000
    await tokens.verify('x')
    expect(await hear()).toMatchObject([
      { reason: 'malformed', omitted: 0, at: new Date(NOW) },
      { reason: 'missing', omitted: 0 },
      { reason: 'malformed', omitted: 100, at: new Date(NOW + 1000) },
      { reason: 'malformed', omitted: 0, at: new Date(NOW + 2000) },
    ])
  })

  it('hears of refusals also after the clock was set back', async () => {
    const { tokens, clock, hear } = openHeard()
    await tokens.verify('x')
    clock.now = NOW - 3_600_000
    await tokens.verify('x')
    expect(await hear()).toHaveLength(2)
  })

  it('never hears a secret or a digest', async () => {
    const { tokens, hear } = openHeard()
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    await tokens.suspend('acme', token.id)
    await tokens.verify(secret)
    await tokens.revokeSecret(secret)
    const all = JSON.stringify(await hear())
    expect(all).toContain(token.preview)
    expect(all).not.toContain(secret)
    expect(all).not.toContain(digestSecret(secret))
  })
})

describe('first_used', () => {
  const stores: [string, () => TokenStore][] = [
    ['reads each time', memoryStore],
    ['holds the record', () => cachingStore(memoryStore())],
  ]
  const firstUses = (events: readonly TokenEvent[]) => events.filter(({ type }) => type === 'first_used')

  it.each(stores)(
    'is published once, also if the record goes on saying that there was none: a store that %s',
    async (_, store) => {
      vi.useFakeTimers({ toFake: ['setTimeout'] })
      const { tokens, clock, hear } = openHeard({
        store: { ...store(), recordUse: async () => {} },
        recordUseEveryMs: 0,
      })
      const { secret, token } = await tokens.issue(REQUEST)
      for (let second = 0; second < 5; second++) {
        await tokens.verify(secret)
        clock.now += 1000
        await vi.advanceTimersByTimeAsync(1000)
      }
      vi.useRealTimers()
      expect(firstUses(await hear())).toEqual([{ type: 'first_used', ...about(token) }])
    },
  )

  it('is not published for a token that another process has used', async () => {
    const one = openHeard()
    const { secret } = await one.tokens.issue(REQUEST)
    await one.tokens.verify(secret)
    await one.tokens.close()
    const other = openHeard({ store: one.watched.store })
    await other.tokens.verify(secret)
    expect(await other.hear()).toEqual([])
  })

  it('is not published again when the token has moved to another digest', async () => {
    const { watched, tokens } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    const pepper = { current: 'p'.repeat(32), retired: [null] }
    const changed = openHeard({ store: watched.store, pepper })
    await changed.tokens.verify(secret)
    await changed.tokens.verify(secret)
    expect(firstUses(await changed.hear())).toHaveLength(1)
  })

  it.each(stores)('is neither a refusal nor an introspection: a store that %s', async (_, store) => {
    const { tokens, hear } = openHeard({ store: store() })
    const { secret } = await tokens.issue(REQUEST)
    await tokens.verify(secret, { scopes: ['jobs:write'] })
    await tokens.introspect(secret)
    expect(firstUses(await hear())).toEqual([])
    await tokens.verify(secret)
    expect(firstUses(await hear())).toHaveLength(1)
  })
})
