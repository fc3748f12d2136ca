import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contendedStore } from '../../testing/contended-store.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { OpenTokens } from '../../testing/open-tokens.ts'
import { seen } from '../../testing/seen.ts'
import type { TokenStore } from '../store/store.ts'
import { BASE62 } from '../token/secret/base62.ts'
import { digestSecret } from '../token/secret/digest.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'
import type { Token } from '../token/token.ts'
import type { VerifyOptions } from '../token/verification.ts'

const HOUR = 3_600_000

interface Issued extends OpenTokens {
  readonly secret: string
  readonly token: Token
}

/** One issued token that expires in an hour, and no call of the store counted yet. */
async function issueOne(scopes: readonly string[] = []): Promise<Issued> {
  const opened = openTokens()
  const { secret, token } = await opened.tokens.issue({
    owner: 'acme',
    name: 'ci',
    scopes,
    expiresAt: new Date(NOW + HOUR),
  })
  opened.watched.calls.length = 0
  return { ...opened, secret, token }
}

describe('verifyToken', () => {
  it('answers with the token, in one store call that carries its digest and shard', async () => {
    const { tokens, watched, secret, token } = await issueOne()
    expect(await tokens.verify(secret)).toStrictEqual({ ok: true, token })
    const found = { method: 'findByDigest', args: [[digestSecret(secret)], shardOf('acme')] }
    expect(watched.calls.filter(({ method }) => method !== 'recordUse')).toEqual([found])
  })

  it('refuses as missing what was not presented, without a store call', async () => {
    const { tokens, watched } = await issueOne()
    expect(await tokens.verify(undefined)).toEqual({ ok: false, reason: 'missing' })
    expect(watched.calls).toEqual([])
  })

  it('refuses as unknown what was well made and never issued, in one store call', async () => {
    const { tokens, watched } = await issueOne()
    const secret = generateSecret('ot_pat', shardOf('acme'))
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'unknown' })
    expect(watched.calls).toHaveLength(1)
  })

  it('completes a rotation by the first accepted use of the successor, and asks no more after that', async () => {
    const { tokens, watched, token } = await issueOne(['jobs:read'])
    const { secret } = await tokens.rotate('acme', token.id)
    watched.calls.length = 0
    await tokens.verify(secret, { scopes: ['jobs:write'] })
    expect(await tokens.get('acme', token.id)).toMatchObject({ status: 'active' })
    await tokens.verify(secret)
    await tokens.verify(secret)
    expect(watched.calls.filter(({ method }) => method === 'change')).toHaveLength(2)
    expect(await tokens.get('acme', token.id)).toMatchObject({ status: 'revoked', revokedReason: 'rotated' })
  })

  it('refuses a successor as long as its rotation cannot be completed', async () => {
    const { tokens, watched, token } = await issueOne()
    const { secret } = await tokens.rotate('acme', token.id)
    const { store } = watched
    for (const completed of [0, 1]) {
      let left = completed
      const change: TokenStore['change'] = async (...step) => {
        if (left === 0) throw new Error('the feed is down')
        left -= 1
        return store.change(...step)
      }
      const failing = openTokens({ store: { ...store, change } })
      await expect(failing.tokens.verify(secret)).rejects.toMatchObject({ name: 'StoreError' })
    }
  })

  it('refuses a successor as unknown if it was pruned meanwhile, and rejects if the store only lost its id', async () => {
    const { tokens, watched, token } = await issueOne()
    const { secret } = await tokens.rotate('acme', token.id)
    const { store } = watched
    const change: TokenStore['change'] = async (_owner, _wants, decide) => decide(seen()).answer
    const halved = openTokens({ store: { ...store, change } })
    await expect(halved.tokens.verify(secret)).rejects.toMatchObject({ name: 'StoreError' })
    const pruned = openTokens({
      store: contendedStore(store, () =>
        store.prune({ prefixes: ['ot_pat'], now: NOW + 2 * HOUR, endedBefore: NOW + 2 * HOUR }),
      ),
    })
    expect(await pruned.tokens.verify(secret)).toEqual({ ok: false, reason: 'unknown' })
  })

  it('refuses a revoked token', async () => {
    const { tokens, secret, token } = await issueOne()
    await tokens.revoke('acme', token.id)
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('refuses a suspended token until it is resumed', async () => {
    const { tokens, secret, token } = await issueOne()
    await tokens.suspend('acme', token.id)
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'suspended' })
    await tokens.resume('acme', token.id)
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
  })

  it('refuses a token from the instant of its expiry', async () => {
    const { tokens, clock, secret } = await issueOne()
    clock.now = NOW + HOUR - 1
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    clock.now = NOW + HOUR
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'expired' })
  })

  it('names the first of revoked, expired, suspended and insufficient_scope', async () => {
    const { tokens, clock, secret, token } = await issueOne()
    const reason = async () => tokens.verify(secret, { scopes: ['jobs:read'] })
    expect(await reason()).toEqual({ ok: false, reason: 'insufficient_scope' })
    await tokens.suspend('acme', token.id)
    expect(await reason()).toEqual({ ok: false, reason: 'suspended' })
    clock.now = NOW + HOUR
    expect(await reason()).toEqual({ ok: false, reason: 'expired' })
    await tokens.revoke('acme', token.id)
    expect(await reason()).toEqual({ ok: false, reason: 'revoked' })
  })

  it('wants all of scopes, and one of anyScope', async () => {
    const { tokens, secret } = await issueOne(['jobs:read', 'jobs:write'])
    const refused = { ok: false, reason: 'insufficient_scope' }
    expect(await tokens.verify(secret, { scopes: ['jobs:read', 'jobs:write'] })).toMatchObject({ ok: true })
    expect(await tokens.verify(secret, { scopes: ['jobs:read', 'jobs:run'] })).toEqual(refused)
    expect(await tokens.verify(secret, { anyScope: ['jobs:run', 'jobs:write'] })).toMatchObject({ ok: true })
    expect(await tokens.verify(secret, { anyScope: ['jobs:run'] })).toEqual(refused)
    expect(await tokens.verify(secret, { anyScope: [] })).toEqual(refused)
    expect(await tokens.verify(secret, { scopes: ['jobs:run'], anyScope: ['jobs:read'] })).toEqual(refused)
    expect(await tokens.verify(secret, { scopes: ['jobs:read'], anyScope: ['jobs:run'] })).toEqual(refused)
  })

  it('reads wildcards only where they are on', async () => {
    const { tokens } = openTokens({ wildcards: true })
    const { secret } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: ['jobs:*'] })
    expect(await tokens.verify(secret, { scopes: ['jobs:read'] })).toMatchObject({ ok: true })
    expect(await tokens.verify(secret, { scopes: ['tokens:read'] })).toMatchObject({ ok: false })
  })

  it('records an accepted use, and no refused one', async () => {
    const { tokens, clock, secret, token } = await issueOne()
    clock.now = NOW + 10
    await tokens.verify(secret, { scopes: ['jobs:read'] })
    await tokens.flush()
    expect(await tokens.get('acme', token.id)).toMatchObject({ lastUsedAt: null })
    await tokens.verify(secret)
    await tokens.flush()
    expect(await tokens.get('acme', token.id)).toMatchObject({ lastUsedAt: new Date(NOW + 10) })
  })

  it('accepts nothing while the store fails', async () => {
    const { tokens, watched, secret } = await issueOne()
    watched.failure = new Error('ECONNREFUSED')
    await expect(tokens.verify(secret)).rejects.toMatchObject({ name: 'StoreError', cause: watched.failure })
  })
})

describe('verifyToken without a store call', () => {
  const malformed = { ok: false, reason: 'malformed' }

  it('refuses a secret with one character changed, dropped or added, or two swapped', async () => {
    const { tokens, watched, secret } = await issueOne()
    const at = fc.nat(secret.length - 1)
    const character = fc.constantFrom(...BASE62, '_', '-', ' ', '\0', 'é')
    const changed = fc
      .tuple(at, character)
      .map(([position, other]) => secret.slice(0, position) + other + secret.slice(position + 1))
    const dropped = at.map((position) => secret.slice(0, position) + secret.slice(position + 1))
    const added = fc
      .tuple(fc.nat(secret.length), character)
      .map(([position, more]) => secret.slice(0, position) + more + secret.slice(position))
    const swapped = fc.tuple(at, at).map(([a, b]) => {
      const characters = [...secret]
      ;[characters[a], characters[b]] = [secret.charAt(b), secret.charAt(a)]
      return characters.join('')
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, dropped, added, swapped), async (near) => {
        fc.pre(near !== secret)
        expect(await tokens.verify(near)).toEqual(malformed)
      }),
      { numRuns: 5000 },
    )
    expect(watched.calls).toEqual([])
  })

  it('refuses secrets of other prefixes', async () => {
    const { tokens, watched } = await issueOne()
    for (const prefix of ['ot', 'ot_pa', 'ot_pat_', 'ot_patx', 'xot_pat', 'tok_live']) {
      expect(await tokens.verify(generateSecret(prefix, shardOf('acme')))).toEqual(malformed)
    }
    expect(watched.calls).toEqual([])
  })

  it('knows secrets of retired prefixes, and refuses all others without a call of the store', async () => {
    const { tokens, watched } = openTokens({ retiredPrefixes: ['old_pat', 'ot'] })
    for (const prefix of ['o', 'old_pa', 'old_pax', 'xot_pat', 'tok_live', 'ot_pax']) {
      expect(await tokens.verify(generateSecret(prefix, shardOf('acme')))).toEqual(malformed)
    }
    const retired = generateSecret('old_pat', shardOf('acme'))
    for (const wrong of [retired.slice(1), `${retired}0`, `x${retired.slice(1)}`, `${retired.slice(0, -1)}-`])
      expect(await tokens.verify(wrong)).toEqual(malformed)
    expect(watched.calls).toEqual([])
    for (const prefix of ['ot_pat', 'old_pat', 'ot'])
      expect(await tokens.verify(generateSecret(prefix, shardOf('acme')))).toEqual({ ok: false, reason: 'unknown' })
    expect(watched.calls).toHaveLength(3)
  })

  it('refuses what else is known of a token: its id, its preview and its digest', async () => {
    const { tokens, watched, secret, token } = await issueOne()
    for (const text of [token.id, token.preview, digestSecret(secret), `ot_pat_${digestSecret(secret)}`]) {
      expect(await tokens.verify(text)).toEqual(malformed)
    }
    expect(watched.calls).toEqual([])
  })

  it('answers for anything at all, and never throws', async () => {
    const { tokens, watched } = await issueOne()
    const anything = fc.oneof(fc.anything(), fc.string({ maxLength: 600 }), fc.constant('x'.repeat(1_000_000)))
    await fc.assert(
      fc.asyncProperty(anything, async (garbage) => {
        const reason = garbage === undefined ? 'missing' : 'malformed'
        expect(await tokens.verify(garbage as string)).toEqual({ ok: false, reason })
      }),
      { numRuns: 2000 },
    )
    expect(watched.calls).toEqual([])
  })
})

describe('authenticate', () => {
  it('answers with the token, in one store call', async () => {
    const { tokens, watched, secret, token } = await issueOne(['jobs:read'])
    expect(await tokens.authenticate(secret, { scopes: ['jobs:read'] })).toStrictEqual(token)
    expect(watched.calls.filter(({ method }) => method !== 'recordUse')).toHaveLength(1)
  })

  it('answers null for every refusal, so that an if asks what it seems to ask', async () => {
    const { tokens, secret, token } = await issueOne(['jobs:read'])
    for (const wrong of [undefined, '', 'ot_pat_x', generateSecret('ot_pat', shardOf('acme'))])
      expect(await tokens.authenticate(wrong)).toBeNull()
    expect(await tokens.authenticate(secret, { scopes: ['jobs:write'] })).toBeNull()
    await tokens.revoke('acme', token.id)
    expect(await tokens.authenticate(secret)).toBeNull()
    expect(tokens.stats().refused).toMatchObject({
      missing: 1,
      malformed: 2,
      unknown: 1,
      insufficient_scope: 1,
      revoked: 1,
    })
  })

  it('rejects when the store does', async () => {
    const { tokens, watched, secret } = await issueOne()
    watched.failure = new Error('ECONNREFUSED')
    await expect(tokens.authenticate(secret)).rejects.toMatchObject({ name: 'StoreError' })
  })
})

describe('a verification with options that ask for nothing by mistake', () => {
  it.each<[string, object]>([
    ['unknown option "scope"', { scope: ['jobs:write'] }],
    ['unknown option "anyScopes"', { ip: '192.0.2.7', anyScopes: ['jobs:write'] }],
    ['option "scopes" must be a list of scopes', { scopes: undefined }],
    ['option "scopes" must be a list of scopes', { scopes: 'jobs:read' }],
    ['option "anyScope" must be a list of scopes', { anyScope: null }],
    ['options must be an object, got an array', ['jobs:write']],
    ['option "onRefusal" must be a function', { onRefusal: true }],
    ['context: unknown option "requestID"', { context: { requestID: 'req-1' } }],
  ])('is rejected: %s', async (message, wrong) => {
    const { tokens, secret, token } = await issueOne(['jobs:read'])
    const options = wrong as VerifyOptions
    const asking = [
      () => tokens.verify(secret, options),
      () => tokens.authenticate(secret, options),
      () => tokens.checkById('acme', token.id, options),
      () => tokens.explain(secret, options),
    ]
    for (const ask of asking) {
      await expect(ask()).rejects.toBeInstanceOf(TypeError)
      await expect(ask()).rejects.toThrow(message)
    }
  })
})
