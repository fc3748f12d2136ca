import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../../testing/open-tokens.ts'
import type { OpenTokens } from '../../../testing/open-tokens.ts'
import type { TokensOptions } from '../../setup/options.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'], idempotencyKey: 'key-1' }

/** A token that asks for others under a key, with its secret. */
async function openMaker(options: Partial<TokensOptions> = {}, scopes: readonly string[] = REQUEST.scopes) {
  const open: OpenTokens = openTokens(options)
  const maker = await open.tokens.issue({ owner: 'acme', name: 'maker', scopes })
  const asked = { ...REQUEST, actor: { id: maker.token.id }, sealUnder: maker.secret }
  return { ...open, maker, asked }
}

describe('issueToken with an idempotency key and the secret of whoever asks', () => {
  it('answers the same request with the same secret again', async () => {
    const { tokens, asked } = await openMaker()
    const first = await tokens.issue(asked)
    const again = await tokens.issue(asked)
    expect(again).toEqual({ ...first, replayed: true })
    expect(await tokens.verify(again.secret ?? '')).toMatchObject({ ok: true, token: { id: first.token.id } })
  })

  it('does so without an acting token too', async () => {
    const { tokens, maker } = await openMaker()
    const asked = { ...REQUEST, sealUnder: maker.secret }
    const first = await tokens.issue(asked)
    expect(await tokens.issue(asked)).toEqual({ ...first, replayed: true })
  })

  it('gives one secret to all who ask at once', async () => {
    const { tokens, asked } = await openMaker()
    const answers = await Promise.all(Array.from({ length: 20 }, () => tokens.issue(asked)))
    expect(new Set(answers.map(({ secret }) => secret)).size).toBe(1)
    expect(answers[0]?.secret).toMatch(/^ot_pat_/)
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
  })

  it('shows the secret neither without that of whoever asked, nor with another one', async () => {
    const { tokens, asked, maker } = await openMaker()
    await tokens.issue(asked)
    const { secret: other } = await tokens.issue({ ...REQUEST, idempotencyKey: undefined })
    const rotated = await tokens.rotateSecret(maker.secret)
    for (const sealUnder of [undefined, other, rotated?.secret]) {
      expect(await tokens.issue({ ...asked, sealUnder })).toMatchObject({ secret: null, replayed: true })
    }
  })

  it('shows no secret that was not sealed at first', async () => {
    const { tokens, asked } = await openMaker()
    await tokens.issue({ ...asked, sealUnder: undefined })
    expect(await tokens.issue(asked)).toMatchObject({ secret: null, replayed: true })
  })

  it('shows the secret only while the token is active', async () => {
    const { tokens, asked, clock } = await openMaker()
    const { token, secret } = await tokens.issue({ ...asked, expiresAt: new Date(NOW + 10) })
    const ask = async () => (await tokens.issue({ ...asked, expiresAt: new Date(NOW + 10) })).secret
    await tokens.suspend('acme', token.id)
    expect(await ask()).toBeNull()
    await tokens.resume('acme', token.id)
    expect(await ask()).toBe(secret)
    clock.now = NOW + 10
    expect(await ask()).toBeNull()
    clock.now = NOW
    await tokens.revoke('acme', token.id)
    expect(await ask()).toBeNull()
  })

  it('shows no secret of a token with more than whoever asks may give by then', async () => {
    const { tokens, asked, maker } = await openMaker({}, ['jobs:read', 'admin'])
    const admin = { ...asked, scopes: ['admin'] }
    const { secret } = await tokens.issue(admin)
    await tokens.edit('acme', maker.token.id, { scopes: ['jobs:read'] })
    expect(await tokens.issue(admin)).toMatchObject({ secret: null, replayed: true })
    await tokens.edit('acme', maker.token.id, { scopes: ['admin'] })
    expect(await tokens.issue(admin)).toMatchObject({ secret, replayed: true })
  })

  it('refuses an acting token that was revoked', async () => {
    const { tokens, asked, maker } = await openMaker()
    await tokens.issue(asked)
    await tokens.revoke('acme', maker.token.id)
    await expect(tokens.issue(asked)).rejects.toMatchObject({ code: 'actor_refused' })
  })

  it('hands the store neither secret', async () => {
    const { tokens, asked, watched, maker } = await openMaker()
    const kept: unknown[] = []
    const { change } = watched.store
    const watching = {
      ...watched.store,
      change: ((owner, wants, decide) =>
        change(owner, wants, (seen) => {
          const decision = decide(seen)
          kept.push(decision.keep, decision.add)
          return decision
        })) as typeof change,
    }
    const others = openTokens({ store: watching }).tokens
    const { secret } = await others.issue(asked)
    await tokens.issue(asked)
    const text = JSON.stringify([kept, watched.calls])
    expect(text).toContain('"sealed":"v1.')
    for (const each of [secret, maker.secret]) expect(text).not.toContain(each?.slice('ot_pat_'.length + 4, -4))
  })

  it.each(['', 'a session', 7 as unknown as string])('refuses to seal under %j', async (sealUnder) => {
    const { tokens, asked } = await openMaker()
    const wrong = { code: 'invalid_parameter', details: { parameter: 'sealUnder' } }
    await expect(tokens.issue({ ...asked, sealUnder })).rejects.toMatchObject(wrong)
    await expect(tokens.rotate('acme', asked.actor.id, { sealUnder })).rejects.toMatchObject(wrong)
  })
})

describe('rotateToken with an idempotency key and the secret of whoever asks', () => {
  it('answers the same request with the same secret again, as long as the successor is active', async () => {
    const { tokens, asked } = await openMaker()
    const { token } = await tokens.issue(asked)
    const options = { actor: asked.actor, sealUnder: asked.sealUnder, idempotencyKey: 'rotate' }
    const first = await tokens.rotate('acme', token.id, options)
    expect(await tokens.rotate('acme', token.id, options)).toEqual({ ...first, replayed: true })
    const unsealed = { ...options, sealUnder: undefined }
    expect(await tokens.rotate('acme', token.id, unsealed)).toEqual({ ...first, secret: null, replayed: true })
    await tokens.revoke('acme', first.token.id)
    await expect(tokens.rotate('acme', token.id, options)).rejects.toMatchObject({ code: 'invalid_transition' })
  })
})
