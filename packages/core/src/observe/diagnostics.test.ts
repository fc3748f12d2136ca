import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, describe, expect, it } from 'vitest'
import { openTokens } from '../../testing/open-tokens.ts'
import { digestSecret } from '../token/secret/digest.ts'

const CHANNELS = ['tessera:verify', 'tessera:issue', 'tessera:revoke', 'tessera:store']
const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }

const published: [channel: string, message: unknown][] = []
const listener = (message: unknown, name: string | symbol) => published.push([String(name), message])

function listen(): void {
  published.length = 0
  for (const name of CHANNELS) subscribe(name, listener)
}

afterEach(() => {
  for (const name of CHANNELS) unsubscribe(name, listener)
})

function messagesOn(channel: string): unknown[] {
  return published.filter(([name]) => name === channel).map(([, message]) => message)
}

describe('the diagnostics channels', () => {
  it('publish verifications, with the token or the reason', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    listen()
    await tokens.verify(secret)
    await tokens.verify(secret, { scopes: ['jobs:write'] })
    await tokens.verify('x')
    expect(messagesOn('tessera:verify')).toEqual([
      { reason: null, owner: 'acme', tokenId: token.id },
      { reason: 'insufficient_scope', owner: null, tokenId: null },
      { reason: 'malformed', owner: null, tokenId: null },
    ])
  })

  it('publish tokens issued, replayed, and revoked by id and by secret', async () => {
    const { tokens } = openTokens()
    listen()
    const first = await tokens.issue({ ...REQUEST, idempotencyKey: 'k' })
    await tokens.issue({ ...REQUEST, idempotencyKey: 'k' })
    const second = await tokens.issue(REQUEST)
    await tokens.revoke('acme', first.token.id)
    await tokens.revokeSecret(second.secret)
    await tokens.revokeSecret('x')
    const [one, two] = [first, second].map(({ token }) => ({ owner: 'acme', tokenId: token.id }))
    expect(messagesOn('tessera:issue')).toEqual([
      { ...one, replayed: false },
      { ...one, replayed: true },
      { ...two, replayed: false },
    ])
    expect(messagesOn('tessera:revoke')).toEqual([one, two])
  })

  it('publish every store call, how long it took and why it failed', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    listen()
    await tokens.verify(secret)
    watched.failure = new Error('READONLY')
    await expect(tokens.verify(secret)).rejects.toThrow('READONLY')
    const operation = 'find a token by its digest'
    const durationMs: unknown = expect.any(Number)
    expect(messagesOn('tessera:store')).toEqual([
      { operation, durationMs, error: null },
      { operation, durationMs, error: expect.objectContaining({ name: 'StoreError', cause: watched.failure }) },
      { operation: 'record the use of tokens', durationMs, error: null },
    ])
  })

  it('hold no secret and no digest', async () => {
    listen()
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    await tokens.suspend('acme', token.id)
    await tokens.verify(secret)
    await tokens.revokeSecret(secret)
    await tokens.close()
    const all = JSON.stringify(published)
    expect(published.length).toBeGreaterThan(8)
    expect(all).not.toContain(secret)
    expect(all).not.toContain(digestSecret(secret))
  })
})
