import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../testing/open-tokens.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: [] }

describe('suspendToken', () => {
  it('suspends from now on, and changes no other field', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    clock.now = NOW + 5
    const at = new Date(NOW + 5)
    const expected = { ...token, status: 'suspended', suspendedAt: at, updatedAt: at }
    expect(await tokens.suspend('acme', token.id)).toEqual({ token: expected, replayed: false })
    expect(await tokens.get('acme', token.id)).toEqual(expected)
  })

  it('answers with the first suspension when suspended twice', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const { token: first } = await tokens.suspend('acme', token.id)
    clock.now = NOW + 5
    const { token: second } = await tokens.suspend('acme', token.id)
    expect(second).toEqual({ ...first, updatedAt: new Date(NOW + 5) })
  })

  it('suspends an expired token, which stays expired', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 1) })
    clock.now = NOW + 1
    const { token: suspended } = await tokens.suspend('acme', token.id)
    expect(suspended).toMatchObject({ status: 'expired', suspendedAt: new Date(NOW + 1) })
  })
})

describe('resumeToken', () => {
  it('accepts the token again', async () => {
    const { tokens, clock } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', token.id)
    clock.now = NOW + 5
    const resumed = { ...token, updatedAt: new Date(NOW + 5) }
    expect(await tokens.resume('acme', token.id)).toEqual({ token: resumed, replayed: false })
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
  })

  it('leaves a token that is not suspended as it is', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    clock.now = NOW + 5
    expect(await tokens.resume('acme', token.id)).toEqual({ token, replayed: false })
  })
})

describe.each(['suspend', 'resume'] as const)('%s', (verb) => {
  it('is refused for a revoked token, which stays as it is', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', token.id)
    const { token: revoked } = await tokens.revoke('acme', token.id)
    clock.now = NOW + 5
    await expect(tokens[verb]('acme', token.id)).rejects.toMatchObject({
      name: 'TokenError',
      code: 'invalid_transition',
    })
    expect(await tokens.get('acme', token.id)).toEqual(revoked)
  })

  it('tells an unknown id and another owner apart in nothing', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue({ ...REQUEST, owner: 'other' })
    const unknown = await tokens[verb]('acme', crypto.randomUUID()).catch((error: unknown) => error)
    const foreign = await tokens[verb]('acme', token.id).catch((error: unknown) => error)
    expect(unknown).toMatchObject({ code: 'token_not_found' })
    expect(foreign).toEqual(unknown)
  })

  it('asks the store for nothing that has not the shape of an id', async () => {
    const { tokens, watched } = openTokens()
    await expect(tokens[verb]('acme', 'ot_pat_x')).rejects.toMatchObject({ code: 'token_not_found' })
    expect(watched.calls).toEqual([])
  })

  it('rejects when the store did not confirm', async () => {
    const { tokens, watched } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    watched.failure = new Error('down')
    await expect(tokens[verb]('acme', token.id)).rejects.toMatchObject({ name: 'StoreError' })
  })
})
