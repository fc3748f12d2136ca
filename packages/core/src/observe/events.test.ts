import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it, vi } from 'vitest'
import { cachingStore } from '../../testing/caching-store.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { OpenTokens } from '../../testing/open-tokens.ts'
import type { TokensOptions } from '../setup/options.ts'
import type { TokenStore } from '../store/store.ts'
import { digestSecret } from '../token/secret/digest.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'
import type { RequestContext } from '../token/request-context.ts'
import type { Token } from '../token/token.ts'
import type { Refused } from '../token/verification.ts'
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
  return { ...common(at), owner, tokenId: id, preview }
}

/** What every event has, where nobody said who acted and in which request. */
function common(at = NOW) {
  return { at: new Date(at), by: null, byToken: null, ip: null, requestId: null }
}

const UNCHANGED = { changed: false, changes: {}, replayed: false }

function moved(from: string, to: string) {
  return { changed: true, changes: { status: { from, to } }, replayed: false }
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
      {
        ...{ type: 'issued', ...about(token), by: 'ada@acme.test', replayed: false, secretShown: true },
        ...{ name: 'ci', scopes: ['jobs:read'], networks: null, expiresAt: null, issuedBy: null },
      },
      { type: 'first_used', ...about(token, NOW + 1) },
      { type: 'suspended', ...about(token, NOW + 2), by, ...moved('active', 'suspended') },
      { type: 'refused', ...about(token, NOW + 2), reason: 'suspended', omitted: 0 },
      { type: 'resumed', ...about(token, NOW + 3), ...moved('suspended', 'active') },
      { type: 'revoked', ...about(token, NOW + 3), by, ...moved('active', 'revoked'), reason: 'requested', ended: [] },
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
      { type: 'issued', at: new Date(NOW + 5), replayed: true, secretShown: false },
      { type: 'suspended', ...UNCHANGED },
      { type: 'revoked', changed: true },
      { type: 'revoked', at: new Date(NOW + 6), ...UNCHANGED },
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
    const replaced = { ...about(token, NOW + 5), byToken: successor.token.id, ended: [] }
    expect(await hear()).toEqual([
      {
        type: 'revoked',
        ...replaced,
        changed: true,
        changes: { status: { from: 'active', to: 'revoked' } },
        replayed: false,
        reason: 'rotated',
      },
      { type: 'first_used', ...about(successor.token, NOW + 5) },
      { type: 'reused_after_rotation', ...about(token, NOW + 5), omitted: 0 },
      { type: 'reused_after_rotation', ...about(token, NOW + 2_000), omitted: 1 },
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
      {
        ...{ type: 'revoked_all', owner: 'acme', by: 'cy', reason: 'leaked', count: revoked, replayed: false },
        ...{ exceptId: null, issuedBefore: null, lastUsedBefore: null, scope: null, createdBy: null, issuedBy: null },
      },
    ])
  })

  it('hears of the conditions of a revocation in bulk', async () => {
    const { tokens, hear } = openHeard()
    const { token } = await tokens.issue(REQUEST)
    const conditions = {
      issuedBy: token.id,
      createdBy: 'ada@acme.test',
      scope: 'jobs:read',
      issuedBefore: new Date(NOW),
    }
    await tokens.revokeAll('acme', conditions)
    expect((await hear()).at(-1)).toMatchObject({ type: 'revoked_all', count: 0, ...conditions })
  })

  it('hears who revokes by secret', async () => {
    const { tokens, hear } = openHeard()
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.revokeSecret(secret, { by: 'scanner' })
    expect((await hear()).at(-1)).toEqual({
      ...{ type: 'revoked', ...about(token), by: 'scanner', byToken: token.id },
      ...{ ...moved('active', 'revoked'), reason: 'requested', ended: [] },
    })
  })

  it('hears of a token that the limit did not allow', async () => {
    const { tokens, hear } = openHeard({ activeLimit: 1 })
    await tokens.issue(REQUEST)
    await hear()
    await expect(tokens.issue(REQUEST)).rejects.toMatchObject({ code: 'active_limit_reached' })
    const facts = { owner: 'acme', limit: 1, active: 1 }
    expect(await hear()).toEqual([{ type: 'limit_reached', ...common(), by: 'ada@acme.test', ...facts }])
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
      { type: 'refused', ...common(), ...NO_TOKEN, reason: 'missing', omitted: 0 },
      { type: 'refused', ...common(), ...NO_TOKEN, reason: 'malformed', omitted: 0 },
      { type: 'refused', ...common(), ...NO_TOKEN, reason: 'unknown', omitted: 0 },
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

  it('hears of each token that is refused or used again, whoever floods it with those of another', async () => {
    const { tokens, hear } = openHeard()
    const refused = await Promise.all(['acme', 'other'].map((owner) => tokens.issue({ ...REQUEST, owner })))
    const replaced = await Promise.all(['acme', 'other'].map((owner) => tokens.issue({ ...REQUEST, owner })))
    for (const { token } of refused) await tokens.revoke(token.owner, token.id)
    for (const { token } of replaced) await tokens.rotate(token.owner, token.id, { overlapMs: 0 })
    await hear()
    for (const [flooding, quiet] of [refused, replaced]) {
      for (let n = 0; n < 50; n += 1) await tokens.verify(flooding?.secret)
      await tokens.verify(quiet?.secret)
    }
    const heard = (await hear()).map((event) => [event.type, 'tokenId' in event ? event.tokenId : null])
    expect(heard).toEqual([
      ...refused.map(({ token }) => ['refused', token.id]),
      ...replaced.map(({ token }) => ['reused_after_rotation', token.id]),
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

describe('what changed', () => {
  it('is what an edit made different, from and to', async () => {
    const { tokens, hear } = openHeard()
    const { token } = await tokens.issue(REQUEST)
    await hear()
    await tokens.edit('acme', token.id, { name: 'renamed', scopes: ['jobs:read', 'jobs:write'] })
    await tokens.edit('acme', token.id, { name: 'renamed' })
    const scopes = { from: ['jobs:read'], to: ['jobs:read', 'jobs:write'] }
    expect(await hear()).toEqual([
      {
        ...{ type: 'edited', ...about(token), changed: true, replayed: false },
        changes: { name: { from: 'ci', to: 'renamed' }, scopes },
      },
      { type: 'edited', ...about(token), ...UNCHANGED },
    ])
    const networks = ['192.0.2.0/24']
    await tokens.edit('acme', token.id, { networks, expiresAt: new Date(NOW + 1_000) })
    const changes = { networks: { from: null, to: networks }, expiresAt: { from: null, to: new Date(NOW + 1_000) } }
    expect(await hear()).toMatchObject([{ type: 'edited', changes }])
  })

  it('is the end of the replaced token, and what its successor has different', async () => {
    const { tokens, hear } = openHeard()
    const [one, other] = [await tokens.issue(REQUEST), await tokens.issue(REQUEST)]
    await hear()
    await tokens.rotate('acme', one.token.id, { overlapMs: 60_000 })
    await tokens.rotate('acme', other.token.id, { overlapMs: 0 })
    const facts = { type: 'rotated', changes: {}, replayed: false, secretShown: true }
    expect(await hear()).toMatchObject([
      { ...facts, tokenId: one.token.id, overlapEndsAt: new Date(NOW + 60_000) },
      { ...facts, tokenId: other.token.id, overlapEndsAt: null },
    ])
  })
})

describe('a replay', () => {
  it('is published as one, by every verb that has keys', async () => {
    const { tokens, clock, hear } = openHeard()
    const { token } = await tokens.issue({ ...REQUEST, idempotencyKey: 'issue' })
    const commands = [
      () => tokens.issue({ ...REQUEST, idempotencyKey: 'issue' }),
      () => tokens.edit('acme', token.id, { name: 'renamed' }, { idempotencyKey: 'edit' }),
      () => tokens.suspend('acme', token.id, { idempotencyKey: 'suspend' }),
      () => tokens.resume('acme', token.id, { idempotencyKey: 'resume' }),
      () => tokens.rotate('acme', token.id, { idempotencyKey: 'rotate' }),
      () => tokens.revoke('acme', token.id, { idempotencyKey: 'revoke' }),
      () => tokens.revokeAll('acme', { scope: 'none', idempotencyKey: 'revokeAll' }),
    ]
    for (const command of commands) await command()
    await hear()
    clock.now = NOW + 1
    for (const command of commands) await command()
    const types = ['issued', 'edited', 'suspended', 'resumed', 'rotated', 'revoked', 'revoked_all']
    expect(await hear()).toMatchObject(types.map((type) => ({ type, at: new Date(NOW + 1), replayed: true })))
  })

  it('says whether a secret was handed out again', async () => {
    const { tokens, hear } = openHeard()
    const { secret, token } = await tokens.issue(REQUEST)
    const first = await tokens.rotateSecret(secret, { by: 'ada' })
    await hear()
    expect(await tokens.rotateSecret(secret, { by: 'eve' })).toMatchObject({ secret: first?.secret, replayed: true })
    const rotated = { type: 'rotated', ...about(token), by: 'eve', byToken: token.id, rotatedTo: first?.token.id }
    expect(await hear()).toMatchObject([{ ...rotated, replayed: true, secretShown: true, changes: {} }])
    const asked = { ...REQUEST, idempotencyKey: 'k', sealUnder: secret }
    await tokens.issue(asked)
    await hear()
    await tokens.issue(asked)
    await tokens.issue({ ...asked, sealUnder: undefined })
    expect(await hear()).toMatchObject([true, false].map((secretShown) => ({ replayed: true, secretShown })))
  })
})

describe('the context of a request', () => {
  const context = { ip: '192.0.2.7', requestId: 'req-1' }

  it('is in every event of the request, with the actor', async () => {
    const { tokens, clock, hear } = openHeard({ activeLimit: 2 })
    const { token } = await tokens.issue({ ...REQUEST, context })
    const { secret } = await tokens.issue({ ...REQUEST, context: () => context })
    const actor = { by: 'ada', actor: { id: token.id }, context }
    await tokens.issue({ ...REQUEST, context }).catch(() => {})
    await tokens.verify(secret, { context })
    await tokens.edit('acme', token.id, { name: 'renamed' }, actor)
    const successor = await tokens.rotateSecret(secret, actor)
    await tokens.verify(successor?.secret, { context })
    await tokens.verify(secret, { context })
    await tokens.verify('x', { context })
    await tokens.suspend('acme', successor?.token.id ?? '', actor)
    await tokens.resume('acme', successor?.token.id ?? '', actor)
    await tokens.revoke('acme', successor?.token.id ?? '', actor)
    await tokens.revokeAll('acme', actor)
    tokens.noteRefusal('insufficient_scope', token, { context })
    clock.now += 91 * 86_400_000
    const events = await hear()
    expect(new Set(events.map(({ type }) => type)).size).toBe(11)
    expect(events.map(({ ip, requestId }) => ({ ip, requestId }))).toEqual(events.map(() => context))
    const types = ['edited', 'rotated', 'suspended', 'resumed', 'revoked_all']
    const acted = events.filter(({ type }) => types.includes(type))
    expect(acted.map(({ by, byToken }) => [by, byToken])).toEqual(types.map(() => ['ada', token.id]))
  })

  it('has the address that a verification decides by, where there is no other', async () => {
    const { tokens, hear } = openHeard()
    await tokens.verify('x', { ip: '192.0.2.7' })
    await tokens.verify(undefined, { ip: '192.0.2.7', context: { ip: '198.51.100.1' } })
    expect((await hear()).map(({ ip }) => ip)).toEqual(['192.0.2.7', '198.51.100.1'])
  })

  it('is asked for only where there is an event', async () => {
    const { tokens, hear } = openHeard()
    const { secret } = await tokens.issue(REQUEST)
    const asked = vi.fn<() => RequestContext>(() => context)
    for (let n = 0; n < 5; n += 1) await tokens.verify(secret, { context: asked })
    expect((await hear()).at(-1)).toMatchObject({ type: 'first_used', ...context })
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('changes no answer where it throws, and is reported', async () => {
    const errors: Error[] = []
    const { tokens, hear } = openHeard({ onError: (error) => errors.push(error) })
    const fault = new Error('no request')
    const thrown = () => {
      throw fault
    }
    expect(await tokens.verify('x', { context: thrown })).toEqual({ ok: false, reason: 'malformed' })
    expect([await hear(), errors]).toMatchObject([[{ type: 'refused', ip: null, requestId: null }], [fault]])
  })

  it('is told with what is known of it if the function mistypes a name, and that is reported', async () => {
    const errors: Error[] = []
    const { tokens, hear } = openHeard({ onError: (error) => errors.push(error) })
    await tokens.verify('x', { context: () => ({ ip: '192.0.2.7', requestID: 'req-1' }) })
    expect(await hear()).toMatchObject([{ ip: '192.0.2.7', requestId: null }])
    expect(errors).toMatchObject([{ name: 'TypeError', message: expect.stringContaining('"requestID"') }])
  })
})

describe('noteRefusal', () => {
  it('counts and publishes what was refused after verify, and leaves it out like other refusals', async () => {
    const { tokens, hear } = openHeard()
    const { token } = await tokens.issue(REQUEST)
    await hear()
    for (let n = 0; n < 3; n += 1) tokens.noteRefusal('insufficient_scope', token)
    tokens.noteRefusal('missing', null)
    expect(tokens.stats().refused).toMatchObject({ insufficient_scope: 3, missing: 1 })
    expect(await hear()).toEqual([
      { type: 'refused', ...about(token), reason: 'insufficient_scope', omitted: 0 },
      { type: 'refused', ...common(), ...NO_TOKEN, reason: 'missing', omitted: 0 },
    ])
  })
})

describe('onRefusal of verify', () => {
  it('gets the reason and the token, which the answer does not have', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    const refused: Refused[] = []
    const onRefusal = (each: Refused) => void refused.push(each)
    await tokens.verify(secret, { onRefusal })
    await tokens.revoke('acme', token.id)
    expect(await tokens.verify(secret, { onRefusal })).toStrictEqual({ ok: false, reason: 'revoked' })
    await tokens.verify('x', { onRefusal })
    await tokens.verify(undefined, { onRefusal })
    expect(refused).toMatchObject([
      { reason: 'revoked', token: { id: token.id, owner: 'acme', status: 'revoked' } },
      { reason: 'malformed', token: null },
      { reason: 'missing', token: null },
    ])
  })

  it.each<[string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('a fault')
      },
    ],
    ['rejects', () => Promise.reject(new Error('a fault')) as unknown as void],
  ])('changes no answer where it %s, and is reported', async (_, onRefusal) => {
    const errors: Error[] = []
    const { tokens } = openTokens({ onError: (error) => errors.push(error) })
    expect(await tokens.verify('x', { onRefusal })).toEqual({ ok: false, reason: 'malformed' })
    await Promise.resolve()
    expect(errors).toEqual([new Error('a fault')])
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
