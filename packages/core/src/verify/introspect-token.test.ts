import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { TokenEvent } from '../observe/token-event.ts'
import { DAY_MS } from '../token/day.ts'
import { digestSecret } from '../token/secret/digest.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'
import type { Token } from '../token/token.ts'

const PEPPER = 'a pepper that nobody else may ever see'
const CI = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }

async function issueOne() {
  const opened = openTokens()
  const { secret, token } = await opened.tokens.issue({ ...CI, expiresAt: new Date(NOW + 1000) })
  opened.watched.calls.length = 0
  return { ...opened, secret, token }
}

describe('introspectToken', () => {
  it('gives the active token, in one store call', async () => {
    const { tokens, watched, secret, token } = await issueOne()
    expect(await tokens.introspect(secret)).toStrictEqual(token)
    expect(watched.calls).toEqual([{ method: 'findByDigest', args: [[digestSecret(secret)], shardOf('acme')] }])
  })

  it('gives null for what was never issued here, without a store call if the shape shows it', async () => {
    const { tokens, watched, secret, token } = await issueOne()
    for (const text of ['', 'x', secret.slice(1), `${secret}x`, token.id, token.preview, '__proto__'])
      expect(await tokens.introspect(text)).toBeNull()
    expect(watched.calls).toEqual([])
    expect(await tokens.introspect(generateSecret('ot_pat', shardOf('acme')))).toBeNull()
    expect(watched.calls).toHaveLength(1)
  })

  it('gives null for a revoked token', async () => {
    const { tokens, secret, token } = await issueOne()
    await tokens.revoke('acme', token.id)
    expect(await tokens.introspect(secret)).toBeNull()
  })

  it('gives null from the instant of expiry', async () => {
    const { tokens, clock, secret } = await issueOne()
    clock.now = NOW + 999
    expect(await tokens.introspect(secret)).not.toBeNull()
    clock.now = NOW + 1000
    expect(await tokens.introspect(secret)).toBeNull()
  })

  it('gives null for a suspended token until it is resumed', async () => {
    const { tokens, secret, token } = await issueOne()
    await tokens.suspend('acme', token.id)
    expect(await tokens.introspect(secret)).toBeNull()
    await tokens.resume('acme', token.id)
    expect(await tokens.introspect(secret)).toMatchObject({ id: token.id })
  })

  it('counts neither as a use nor as a verification', async () => {
    const { tokens, secret, token } = await issueOne()
    await tokens.introspect(secret)
    await tokens.introspect('x')
    await tokens.flush()
    expect(await tokens.get('acme', token.id)).toMatchObject({ lastUsedAt: null })
    expect(tokens.stats()).toMatchObject({ accepted: 0, refused: { malformed: 0 } })
  })

  it('asks for networks as a verification does', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue({ ...CI, networks: ['192.0.2.0/24'] })
    expect(await tokens.introspect(secret, { ip: '192.0.2.7' })).toMatchObject({ networks: ['192.0.2.0/24'] })
    for (const ip of ['198.51.100.1', 'x', null, undefined]) expect(await tokens.introspect(secret, { ip })).toBeNull()
    expect(await tokens.introspect(secret)).toBeNull()
  })

  it('finds only what whoever asks may know of', async () => {
    const { tokens, secret, token } = await issueOne()
    const asked: string[] = []
    const mayKnow = (known: Token) => asked.push(known.id) > 1
    expect(await tokens.introspect(secret, { mayKnow, countsAsUse: true })).toBeNull()
    await tokens.flush()
    expect(await tokens.get('acme', token.id)).toMatchObject({ lastUsedAt: null })
    expect(await tokens.introspect(secret, { mayKnow: async (known) => mayKnow(known) })).toMatchObject({
      id: token.id,
    })
    expect(asked).toEqual([token.id, token.id])
  })

  it('counts as a use if asked to: the last use, a sliding expiry, the first use, and the end of a predecessor', async () => {
    const events: string[] = []
    const { tokens, clock } = openTokens({
      expiry: { slidingMs: DAY_MS, maxMs: 100 * DAY_MS },
      onEvent: ({ type }) => void events.push(type),
    })
    const first = await tokens.issue(CI)
    const second = await tokens.rotate('acme', first.token.id)
    clock.now = NOW + 5_000
    expect(await tokens.introspect(second.secret, { countsAsUse: true })).toMatchObject({ id: second.token.id })
    await tokens.close()
    const lastUsedAt = new Date(NOW + 5_000)
    const expiresAt = new Date(NOW + 5_000 + DAY_MS)
    expect(await tokens.get('acme', second.token.id)).toMatchObject({ lastUsedAt, expiresAt })
    expect(await tokens.verify(first.secret)).toEqual({ ok: false, reason: 'revoked' })
    expect(events.slice(2, 4)).toEqual(['revoked', 'first_used'])
    expect(tokens.stats()).toMatchObject({ accepted: 0, refused: { revoked: 1 } })
  })

  it('reports the refusal of a known token if it counts as a use: a replaced secret is noticed at a gateway too', async () => {
    const events: TokenEvent[] = []
    const { tokens } = openTokens({ onEvent: (event) => void events.push(event) })
    const first = await tokens.issue(CI)
    const second = await tokens.rotate('acme', first.token.id)
    for (const { secret } of [second, first]) await tokens.introspect(secret, { countsAsUse: true })
    await tokens.suspend('acme', second.token.id)
    await tokens.introspect(second.secret, { countsAsUse: true })
    await tokens.introspect(second.secret)
    await tokens.close()
    const about = ({ id: tokenId }: Token) => ({ owner: 'acme', tokenId })
    expect(events.slice(4)).toMatchObject([
      { type: 'reused_after_rotation', ...about(first.token) },
      { type: 'suspended', ...about(second.token) },
      { type: 'refused', reason: 'suspended', ...about(second.token) },
    ])
    expect(events).toHaveLength(7)
  })

  it('leaves everything as it is by default', async () => {
    const events: string[] = []
    const { tokens } = openTokens({ onEvent: ({ type }) => void events.push(type) })
    const first = await tokens.issue(CI)
    const second = await tokens.rotate('acme', first.token.id)
    expect(await tokens.introspect(second.secret)).toMatchObject({ id: second.token.id })
    await tokens.close()
    expect(await tokens.introspect(first.secret)).toMatchObject({ id: first.token.id })
    expect(events).toEqual(['issued', 'rotated'])
  })

  it('finds a token under a retired pepper, and leaves it there', async () => {
    const { watched, secret } = await issueOne()
    const { tokens } = openTokens({ store: watched.store, pepper: { current: PEPPER, retired: [null] } })
    expect(await tokens.introspect(secret)).toMatchObject({ status: 'active' })
    await tokens.close()
    expect(watched.calls.map(({ method }) => method)).toEqual(['findByDigest'])
  })

  it('is rejected with a countsAsUse that only seems to say no', async () => {
    const { tokens, secret } = await issueOne()
    const options = { countsAsUse: 'no' } as never
    await expect(tokens.introspect(secret, options)).rejects.toThrow(
      'introspect: option "countsAsUse" must be a boolean',
    )
  })

  it('rejects when the store does', async () => {
    const { tokens, watched, secret } = await issueOne()
    watched.failure = new Error('down')
    await expect(tokens.introspect(secret)).rejects.toMatchObject({ name: 'StoreError', cause: watched.failure })
  })
})
