import { describe, expect, it } from 'vitest'
import { contendedStore } from '../../testing/contended-store.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'

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

  it('resumes a token that was suspended by a clock that runs ahead', async () => {
    const { tokens, clock } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    clock.now = NOW + 5
    await tokens.suspend('acme', token.id)
    clock.now = NOW + 1
    const { token: resumed } = await tokens.resume('acme', token.id)
    expect(resumed).toMatchObject({ status: 'active', updatedAt: new Date(NOW + 5) })
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
  })

  it('that failed and runs late leaves a token that was suspended since then', async () => {
    const { tokens, watched, clock } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', token.id)
    const late: (() => Promise<unknown>)[] = []
    const slow = openTokens({
      now: () => clock.now,
      store: {
        ...watched.store,
        async change(owner, wants, decide) {
          late.push(() => watched.store.change(owner, wants, decide))
          throw new Error('gave up')
        },
      },
    })
    clock.now = NOW + 5
    await expect(slow.tokens.resume('acme', token.id)).rejects.toMatchObject({ name: 'StoreError' })
    clock.now = NOW + 6
    await tokens.suspend('acme', token.id)
    for (const resume of late) expect(await resume()).toMatchObject({ answer: { outcome: 'outdated' } })
    expect(late).toHaveLength(1)
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'suspended' })
  })

  it('gives up where others keep suspending the token, by clocks that run ahead', async () => {
    const { tokens, watched, clock } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', token.id)
    const suspendLater = async () => {
      clock.now += 5
      return tokens.suspend('acme', token.id)
    }
    const resumer = openTokens({ store: contendedStore(watched.store, suspendLater), now: () => NOW })
    await expect(resumer.tokens.resume('acme', token.id)).rejects.toMatchObject({ code: 'invalid_transition' })
    expect(clock.now).toBe(NOW + 50)
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'suspended' })
  })

  it('leaves a token that is not suspended as it is', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    clock.now = NOW + 5
    expect(await tokens.resume('acme', token.id)).toEqual({ token, replayed: false })
  })
})

describe.each(['suspend', 'resume', 'revoke'] as const)('%s under an idempotency key', (verb) => {
  const options = { idempotencyKey: 'key-1' }

  it('has one effect, and answers a repeated request with the token as it was', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    if (verb === 'resume') await tokens.suspend('acme', token.id)
    clock.now = NOW + 5
    const first = await tokens[verb]('acme', token.id, options)
    expect(first.replayed).toBe(false)
    clock.now = NOW + 6
    await tokens.revoke('acme', token.id)
    const before = await tokens.get('acme', token.id)
    expect(await tokens[verb]('acme', token.id, options)).toEqual({ ...first, replayed: true })
    expect(await tokens.get('acme', token.id)).toEqual(before)
  })

  it('refuses the key for another token, another verb, and a key that is none', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const { token: other } = await tokens.issue(REQUEST)
    await tokens[verb]('acme', token.id, options)
    const conflict = { code: 'idempotency_conflict' }
    await expect(tokens[verb]('acme', other.id, options)).rejects.toMatchObject(conflict)
    const another = verb === 'suspend' ? 'resume' : 'suspend'
    await expect(tokens[another]('acme', token.id, options)).rejects.toMatchObject(conflict)
    await expect(tokens[verb]('acme', token.id, { idempotencyKey: '' })).rejects.toMatchObject({
      details: { parameter: 'idempotencyKey' },
    })
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

  it('answers an unknown id and another owner’s alike', async () => {
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
