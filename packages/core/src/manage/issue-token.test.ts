import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { IdFormat } from '../token/ids.ts'
import { digestSecret } from '../token/secret/digest.ts'
import { preview } from '../token/secret/preview.ts'
import { parseSecret, shardOf } from '../token/secret/secret.ts'

const DAY = 24 * 60 * 60 * 1000
const REQUEST = { owner: 'acme', name: 'ci-deploy', scopes: ['jobs:read', 'jobs:write'] }

describe('issueToken', () => {
  it('answers with the token and its secret', async () => {
    const { tokens } = openTokens()
    const expiresAt = new Date(NOW + DAY)
    const attributes = { environment: 'production' }
    const { token, secret, replayed } = await tokens.issue({
      ...REQUEST,
      expiresAt,
      createdBy: 'ada@acme.test',
      attributes,
    })
    expect(replayed).toBe(false)
    expect(parseSecret(secret)).toEqual({ prefix: 'ot_pat', shard: shardOf('acme') })
    expect(token).toStrictEqual({
      ...REQUEST,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      preview: preview(secret),
      status: 'active',
      createdBy: 'ada@acme.test',
      attributes,
      createdAt: new Date(NOW),
      updatedAt: new Date(NOW),
      expiresAt,
      lastUsedAt: null,
      suspendedAt: null,
      revokedAt: null,
      revokedReason: null,
      rotatedTo: null,
      rotatedFrom: null,
      overlapEndsAt: null,
      networks: null,
      issuedBy: null,
    })
  })

  it('refuses an id of the app that could not be used to revoke, before any store call', async () => {
    const { tokens, watched } = openTokens({ ids: { generate: () => 'Token 1', matches: (id) => /^\w+$/.test(id) } })
    await expect(tokens.issue(REQUEST)).rejects.toEqual(
      new TypeError('createTokens: ids.matches does not accept what ids.generate made'),
    )
    expect(watched.calls).toEqual([])
  })

  it('lets no token outlive the credential of whoever issues it', async () => {
    const { tokens } = openTokens({ expiry: { defaultMs: 9 * DAY } })
    const expiryCeiling = new Date(NOW + DAY)
    const { token } = await tokens.issue({ ...REQUEST, expiryCeiling })
    expect(token).toMatchObject({ expiresAt: expiryCeiling })
    await expect(tokens.issue({ ...REQUEST, expiryCeiling, expiresAt: new Date(NOW + DAY + 1) })).rejects.toMatchObject(
      { code: 'invalid_parameter', details: { parameter: 'expiresAt' } },
    )
  })

  it('leaves out what was not asked for', async () => {
    const { token } = await openTokens().tokens.issue(REQUEST)
    expect(token).toMatchObject({ createdBy: null, attributes: {}, expiresAt: null })
  })

  it('hands the store the digest, and never the secret', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    expect(watched.calls.map(({ method }) => method)).toEqual(['change'])
    const seen = JSON.stringify([
      watched.calls,
      await watched.store.findByDigest([digestSecret(secret)], shardOf('acme')),
    ])
    expect(seen).toContain(digestSecret(secret))
    expect(seen).not.toContain(secret)
    expect(seen).not.toContain(secret.slice(12, -12))
  })

  it('counts a scope that is given twice once', async () => {
    const { token } = await openTokens().tokens.issue({ ...REQUEST, scopes: ['b', 'a', 'b'] })
    expect(token.scopes).toEqual(['b', 'a'])
  })

  it('keeps nothing of the request that a caller may still change', async () => {
    const { tokens } = openTokens()
    const request = { ...REQUEST, scopes: ['jobs:read'], attributes: { a: '1' }, expiresAt: new Date(NOW + DAY) }
    const { token } = await tokens.issue(request)
    request.scopes.push('admin')
    request.attributes.a = '2'
    request.expiresAt.setTime(NOW + 2 * DAY)
    expect(await tokens.get('acme', token.id)).toEqual(token)
    expect(token).toMatchObject({ scopes: ['jobs:read'], attributes: { a: '1' }, expiresAt: new Date(NOW + DAY) })
  })

  it('fails where ids.generate gives an id that the owner has', async () => {
    const ids: IdFormat = { generate: () => 'same', matches: (id) => id === 'same' }
    const { tokens } = openTokens({ ids })
    await tokens.issue(REQUEST)
    await expect(tokens.issue(REQUEST)).rejects.toThrow('ids.generate returned an id that is in use')
    await expect(tokens.issue({ ...REQUEST, owner: 'other' })).resolves.toMatchObject({ token: { id: 'same' } })
  })
})

describe('issueToken under a cap', () => {
  it('refuses the 26th active token by default, and says how many there are', async () => {
    const { tokens } = openTokens()
    await Promise.all(Array.from({ length: 25 }, () => tokens.issue(REQUEST)))
    await expect(tokens.issue(REQUEST)).rejects.toMatchObject({
      name: 'TokenError',
      code: 'active_limit_reached',
      message: 'the owner already holds 25 active tokens of at most 25',
      details: { limit: 25, active: 25 },
    })
  })

  it('distinguishes the cap from the count if the cap was lowered', async () => {
    const { tokens, watched } = openTokens()
    for (const _ of [1, 2, 3]) await tokens.issue(REQUEST)
    const lowered = openTokens({ store: watched.store, activeLimit: 2 })
    await expect(lowered.tokens.issue(REQUEST)).rejects.toMatchObject({ details: { limit: 2, active: 3 } })
  })

  it('gives each owner a cap of its own', async () => {
    const { tokens } = openTokens({ activeLimit: 1 })
    await tokens.issue(REQUEST)
    await expect(tokens.issue({ ...REQUEST, owner: 'other' })).resolves.toBeDefined()
  })

  it('lets exactly the limit pass of many requests at once', async () => {
    const { tokens } = openTokens({ activeLimit: 7 })
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => tokens.issue(REQUEST)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
  })

  it('does not count revoked and expired tokens', async () => {
    const { tokens, clock } = openTokens({ activeLimit: 1 })
    const { token } = await tokens.issue(REQUEST)
    await tokens.revoke('acme', token.id)
    await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 1) })
    await expect(tokens.issue(REQUEST)).rejects.toMatchObject({ code: 'active_limit_reached' })
    clock.now = NOW + 1
    await expect(tokens.issue(REQUEST)).resolves.toBeDefined()
  })

  it('counts suspended tokens', async () => {
    const { tokens } = openTokens({ activeLimit: 1 })
    const { token } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', token.id)
    await expect(tokens.issue(REQUEST)).rejects.toMatchObject({ code: 'active_limit_reached' })
  })

  it('has no limit where activeLimit is null', async () => {
    const { tokens } = openTokens({ activeLimit: null })
    await expect(Promise.all(Array.from({ length: 60 }, () => tokens.issue(REQUEST)))).resolves.toHaveLength(60)
  })
})

describe('issueToken with an idempotency key', () => {
  const KEYED = { ...REQUEST, idempotencyKey: 'key-1' }

  it('answers a repeated request with the first token, as it was then, and no secret', async () => {
    const { tokens, clock } = openTokens()
    const first = await tokens.issue(KEYED)
    clock.now += 1000
    await tokens.revoke('acme', first.token.id)
    expect(await tokens.issue(KEYED)).toEqual({ token: first.token, secret: null, replayed: true })
    expect((await tokens.list('acme')).total).toBe(1)
  })

  it('takes requests that say the same in another way for equal', async () => {
    const { tokens } = openTokens()
    const facts = { createdBy: null, attributes: { a: '1', b: '2' } }
    await tokens.issue({ ...KEYED, ...facts })
    const scopes = ['jobs:write', 'jobs:read', 'jobs:write']
    const again = { ...KEYED, createdBy: undefined, attributes: { b: '2', a: '1' }, scopes }
    await expect(tokens.issue(again)).resolves.toMatchObject({ replayed: true })
  })

  it.each([
    ['name', { name: 'other' }],
    ['scopes', { scopes: ['jobs:read'] }],
    ['expiresAt', { expiresAt: new Date(NOW + DAY + 1) }],
    ['no expiresAt', { expiresAt: undefined }],
    ['expiresAt as null', { expiresAt: null }],
    ['createdBy', { createdBy: 'ada@acme.test' }],
    ['attributes', { attributes: { a: '1' } }],
  ])('refuses the key with another request: %s', async (_, other) => {
    const { tokens } = openTokens()
    const first = { ...KEYED, expiresAt: new Date(NOW + DAY) }
    await tokens.issue(first)
    await expect(tokens.issue({ ...first, ...other })).rejects.toMatchObject({
      name: 'TokenError',
      code: 'idempotency_conflict',
    })
  })

  it('replays also when the owner has reached the cap', async () => {
    const { tokens } = openTokens({ activeLimit: 1 })
    await tokens.issue(KEYED)
    await expect(tokens.issue(KEYED)).resolves.toMatchObject({ replayed: true })
  })

  it('does not use up the key when the cap refuses', async () => {
    const { tokens } = openTokens({ activeLimit: 1 })
    const { token } = await tokens.issue(REQUEST)
    await expect(tokens.issue(KEYED)).rejects.toMatchObject({ code: 'active_limit_reached' })
    await tokens.revoke('acme', token.id)
    await expect(tokens.issue(KEYED)).resolves.toMatchObject({ replayed: false })
  })

  it('replays also when the expiry that was asked for has passed', async () => {
    const { tokens, clock } = openTokens()
    const request = { ...KEYED, expiresAt: new Date(NOW + 5) }
    const first = await tokens.issue(request)
    clock.now = NOW + 5
    expect(await tokens.issue(request)).toEqual({ token: first.token, secret: null, replayed: true })
    await expect(tokens.issue({ ...request, name: 'other' })).rejects.toMatchObject({ code: 'idempotency_conflict' })
    const fresh = { ...request, idempotencyKey: 'key-2' }
    await expect(tokens.issue(fresh)).rejects.toMatchObject({ details: { parameter: 'expiresAt' } })
  })

  it.each([new Date(Number.NaN), 'soon', 7n])('replays nothing for %s, which is no expiry', async (expiresAt) => {
    const { tokens } = openTokens()
    const wrong = { ...KEYED, expiresAt: expiresAt as Date }
    await expect(tokens.issue(wrong)).rejects.toMatchObject({ details: { parameter: 'expiresAt' } })
    await tokens.issue({ ...KEYED, expiresAt: null })
    await expect(tokens.issue(wrong)).rejects.toMatchObject({ code: 'idempotency_conflict' })
  })

  it('keeps the keys of different owners apart', async () => {
    const { tokens } = openTokens()
    await tokens.issue(KEYED)
    await expect(tokens.issue({ ...KEYED, owner: 'other' })).resolves.toMatchObject({ replayed: false })
  })

  it('issues once for many equal requests at once', async () => {
    const { tokens } = openTokens()
    const answers = await Promise.all(Array.from({ length: 50 }, () => tokens.issue(KEYED)))
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(answers.map(({ token }) => token.id)).size).toBe(1)
  })

  it('frees the key after 24 hours', async () => {
    const { tokens, clock } = openTokens()
    await tokens.issue(KEYED)
    clock.now = NOW + DAY - 1
    await expect(tokens.issue(KEYED)).resolves.toMatchObject({ replayed: true })
    clock.now = NOW + DAY
    await expect(tokens.issue(KEYED)).resolves.toMatchObject({ replayed: false })
  })
})
