import { createTokens, parseSecret } from '@tessera/core'
import type { Issued, TokenStore, Tokens, TokensOptions } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openStores } from './stores.ts'

const stores = await openStores()
afterAll(() => stores.stop())

const OWNER = 'acme'

describe.each(Object.entries(stores.create))('an API whose prefix has changed, %s', (_, create) => {
  let clock: number
  let store: TokenStore
  let before: Tokens
  let after: Tokens
  let old: Issued

  const open = (prefix: string, ...retiredPrefixes: readonly string[]) => openWith({ prefix, retiredPrefixes })
  const openWith = (options: Pick<TokensOptions, 'prefix'> & Partial<TokensOptions>) =>
    createTokens({ store, now: () => clock, activeLimit: 3, onError: () => undefined, ...options })

  async function issue(api: Tokens): Promise<Issued> {
    clock += 1
    return api.issue({ owner: OWNER, name: 'ci', scopes: ['jobs:read'] })
  }

  beforeEach(async () => {
    clock = Date.now()
    store = create()
    before = open('old_pat')
    after = open('ot_pat', 'old_pat')
    old = await issue(before)
  })

  it('accepts, introspects and explains the secrets of both prefixes', async () => {
    const fresh = await issue(after)
    expect([parseSecret(old.secret)?.prefix, parseSecret(fresh.secret)?.prefix]).toEqual(['old_pat', 'ot_pat'])
    for (const { secret, token } of [old, fresh]) {
      expect(await after.verify(secret, { scopes: ['jobs:read'] })).toMatchObject({ ok: true, token: { id: token.id } })
      expect(await after.introspect(secret)).toMatchObject({ id: token.id })
      expect(await after.explain(secret)).toMatchObject({ accepted: true, token: { id: token.id } })
      expect(await after.checkById(OWNER, token.id)).toMatchObject({ ok: true })
      expect(await after.get(OWNER, token.id)).toMatchObject({ id: token.id })
    }
  })

  it('lists and counts the tokens of both together, in one order', async () => {
    const ids = [old.token.id, (await issue(after)).token.id, (await issue(before)).token.id]
    for (const window of [{ offset: 0, limit: 50 }, { after: null, limit: 50 }, 'all'] as const)
      expect((await after.list(OWNER, { window })).tokens.map(({ id }) => id)).toEqual(ids)
    const middle = await after.list(OWNER, { window: { offset: 1, limit: 1 } })
    expect(middle).toMatchObject({ tokens: [{ id: ids[1] }], total: 3 })
    const [first] = (await after.list(OWNER, { window: { after: null, limit: 2 } })).tokens.slice(0, 1)
    expect(first?.id).toBe(ids[0])
  })

  it('limits the active tokens of both together', async () => {
    await issue(after)
    await issue(after)
    const details = { limit: 3, active: 3 }
    await expect(issue(after)).rejects.toMatchObject({ code: 'active_limit_reached', details })
    await after.revoke(OWNER, old.token.id)
    await issue(after)
  })

  it('limits them too where a token issues', async () => {
    const maker = await issue(after)
    await issue(after)
    const request = { owner: OWNER, name: 'child', scopes: [], actor: { id: maker.token.id } }
    await expect(after.issue(request)).rejects.toMatchObject({ code: 'active_limit_reached' })
  })

  it('suspends, resumes, edits and revokes a token of the earlier prefix', async () => {
    const { id } = old.token
    await after.suspend(OWNER, id)
    expect(await after.verify(old.secret)).toMatchObject({ reason: 'suspended' })
    await after.resume(OWNER, id)
    await after.edit(OWNER, id, { name: 'renamed' })
    expect(await after.verify(old.secret)).toMatchObject({ ok: true, token: { name: 'renamed' } })
    await after.revokeSecret(old.secret)
    expect(await after.verify(old.secret)).toMatchObject({ reason: 'revoked' })
  })

  it('gives a token of the earlier prefix a successor of the current one', async () => {
    const rotated = await after.rotateSecret(old.secret)
    if (rotated === null) throw new Error('it was not rotated')
    expect(parseSecret(rotated.secret ?? '')?.prefix).toBe('ot_pat')
    expect(rotated.token.preview).toMatch(/^ot_pat_/)
    expect(await after.rotateSecret(old.secret)).toMatchObject({ secret: rotated.secret, replayed: true })
    expect(await after.verify(old.secret)).toMatchObject({ ok: true })
    expect(await after.verify(rotated.secret ?? '')).toMatchObject({ ok: true })
    expect(await after.verify(old.secret)).toMatchObject({ reason: 'revoked' })
    const byId = await after.rotate(OWNER, rotated.token.id, { overlapMs: 0 })
    expect(parseSecret(byId.secret)?.prefix).toBe('ot_pat')
  })

  it('revokes, and prunes, the tokens of both', async () => {
    const fresh = await issue(after)
    expect(await after.revokeAll(OWNER)).toMatchObject({ revoked: 2 })
    for (const { secret } of [old, fresh]) expect(await after.verify(secret)).toMatchObject({ reason: 'revoked' })
    clock += 10
    expect(await after.prune({ keepMs: 0 })).toBe(2)
    expect((await after.list(OWNER)).tokens).toEqual([])
  })

  it('forgets a prefix that is dropped, without any effect on the other tokens', async () => {
    const fresh = await issue(after)
    const successor = await after.rotate(OWNER, old.token.id, { overlapMs: 0 })
    const request = { owner: OWNER, name: 'once', scopes: [], idempotencyKey: 'deploy-42' }
    const once = await after.issue(request)
    const later = open('ot_pat')
    expect(await later.verify(old.secret)).toMatchObject({ reason: 'malformed' })
    for (const { secret } of [fresh, successor]) expect(await later.verify(secret)).toMatchObject({ ok: true })
    const left = [fresh, successor, once].map(({ token }) => token.id)
    expect((await later.list(OWNER)).tokens.map(({ id }) => id).sort()).toEqual(left.sort())
    expect(await later.issue(request)).toMatchObject({ replayed: true, token: { id: once.token.id } })
    await expect(issue(later)).rejects.toMatchObject({ code: 'active_limit_reached' })
  })

  it('may change more than once, to prefixes that begin alike or are as long', async () => {
    const second = await issue(open('old', 'old_pat'))
    const third = await issue(open('odd_pat', 'old_pat', 'old'))
    const latest = open('new_pat', 'odd_pat', 'old', 'old_pat')
    for (const { secret, token } of [old, second, third])
      expect(await latest.verify(secret)).toMatchObject({ ok: true, token: { id: token.id } })
    expect(await latest.list(OWNER)).toMatchObject({ total: 3 })
    expect(await latest.revokeAll(OWNER)).toEqual({ revoked: 3, replayed: false })
  })

  it('pages through many tokens of both prefixes, each of them once', async () => {
    const many = openWith({ prefix: 'ot_pat', retiredPrefixes: ['old_pat'], activeLimit: null })
    const earlier = openWith({ prefix: 'old_pat', activeLimit: null })
    const ids = [old.token.id]
    for (let number = 0; number < 30; number += 1) ids.push((await issue(number % 3 === 0 ? earlier : many)).token.id)
    const seen: string[] = []
    let window: { after: Awaited<ReturnType<Tokens['list']>>['next']; limit: number } | null = { after: null, limit: 7 }
    while (window !== null) {
      const page = await many.list(OWNER, { window })
      seen.push(...page.tokens.map(({ id }) => id))
      window = page.next && { after: page.next, limit: 7 }
    }
    expect(seen).toEqual(ids)
    expect(await many.revokeAll(OWNER)).toMatchObject({ revoked: 31 })
  })

  it('is accepted by every process while some still issue under the old prefix', async () => {
    const prepared = open('old_pat', 'ot_pat')
    const fresh = await issue(after)
    const late = await issue(prepared)
    for (const api of [prepared, after]) {
      for (const { secret } of [old, fresh, late]) expect(await api.verify(secret)).toMatchObject({ ok: true })
      expect(await api.list(OWNER)).toMatchObject({ total: 3 })
      await expect(issue(api)).rejects.toMatchObject({ code: 'active_limit_reached' })
    }
  })

  it('knows a key of before the change no more: the request is a new one', async () => {
    const request = { owner: OWNER, name: 'once', scopes: [], idempotencyKey: 'deploy-42' }
    await before.issue(request)
    expect(await after.issue(request)).toMatchObject({ replayed: false })
  })
})
