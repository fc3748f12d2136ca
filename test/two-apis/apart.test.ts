import { createTokens } from '@tessera/core'
import type { Issued, TokenStore, Tokens, TokensOptions } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openStores } from './stores.ts'

const stores = await openStores()
afterAll(() => stores.stop())

const OWNER = 'acme'
const DAY = 86_400_000
const NOT_FOUND = { code: 'token_not_found' }

/** What a verb says of another API's token: the same as of an unknown one. */
const ATTEMPTS: Readonly<Record<string, (api: Tokens, foreign: Issued) => Promise<void>>> = {
  verify: async (api, { secret }) => expect(await api.verify(secret)).toEqual({ ok: false, reason: 'malformed' }),
  authenticate: async (api, { secret }) => expect(await api.authenticate(secret)).toBeNull(),
  checkById: async (api, { token }) =>
    expect(await api.checkById(OWNER, token.id)).toEqual({ ok: false, reason: 'unknown' }),
  introspect: async (api, { secret }) => expect(await api.introspect(secret, { countsAsUse: true })).toBeNull(),
  explain: async (api, { secret }) =>
    expect(await api.explain(secret)).toMatchObject({ accepted: false, token: null, checks: [{ check: 'shape' }] }),
  get: async (api, { token }) => expect(await api.get(OWNER, token.id)).toBeNull(),
  revoke: async (api, { token }) => expect(api.revoke(OWNER, token.id)).rejects.toMatchObject(NOT_FOUND),
  revokeSecret: async (api, { secret }) => expect(await api.revokeSecret(secret)).toBeNull(),
  suspend: async (api, { token }) => expect(api.suspend(OWNER, token.id)).rejects.toMatchObject(NOT_FOUND),
  resume: async (api, { token }) => expect(api.resume(OWNER, token.id)).rejects.toMatchObject(NOT_FOUND),
  edit: async (api, { token }) =>
    expect(api.edit(OWNER, token.id, { name: 'taken over' })).rejects.toMatchObject(NOT_FOUND),
  rotate: async (api, { token }) => expect(api.rotate(OWNER, token.id)).rejects.toMatchObject(NOT_FOUND),
  rotateSecret: async (api, { secret }) => expect(await api.rotateSecret(secret)).toBeNull(),
  'issue by it': async (api, { token }) =>
    expect(api.issue({ owner: OWNER, name: 'child', scopes: [], actor: { id: token.id } })).rejects.toMatchObject({
      code: 'actor_refused',
      details: { reason: 'unknown' },
    }),
}

describe.each(Object.entries(stores.create))('two APIs on one store, %s', (_, create) => {
  let clock: number
  let store: TokenStore
  let jobs: Tokens
  let deploys: Tokens
  let job: Issued
  let deploy: Issued

  const open = (options: Pick<TokensOptions, 'prefix'> & Partial<TokensOptions>) =>
    createTokens({ store, now: () => clock, activeLimit: 3, onError: () => undefined, ...options })
  const issue = (api: Tokens) => api.issue({ owner: OWNER, name: 'ci', scopes: [] })
  const idsIn = async (api: Tokens) => (await api.list(OWNER)).tokens.map(({ id }) => id)

  beforeEach(async () => {
    // Not behind Redis' own clock, nor ahead of it.
    clock = Date.now()
    store = create()
    jobs = open({ prefix: 'ot_pat', scopes: ['jobs:read'] })
    deploys = open({ prefix: 'tok_live', scopes: ['deploys:write'] })
    job = await jobs.issue({ owner: OWNER, name: 'ci', scopes: ['jobs:read'] })
    deploy = await deploys.issue({ owner: OWNER, name: 'cd', scopes: ['deploys:write'] })
  })

  it.each(Object.entries(ATTEMPTS))('%s does not reach the other’s token', async (_verb, attempt) => {
    expect(await deploys.verify(deploy.secret)).toMatchObject({ ok: true })
    await deploys.flush()
    const before = await deploys.get(OWNER, deploy.token.id)
    await attempt(jobs, deploy)
    expect(await deploys.get(OWNER, deploy.token.id)).toEqual(before)
    expect(await deploys.verify(deploy.secret)).toMatchObject({ ok: true })
    await attempt(deploys, job)
    expect(await jobs.verify(job.secret)).toMatchObject({ ok: true, token: { name: 'ci', scopes: ['jobs:read'] } })
  })

  it('list shows and counts an API its own, in every order, window and filter', async () => {
    for (const [api, { token }] of [
      [jobs, job],
      [deploys, deploy],
    ] as const) {
      for (const by of ['createdAt', 'id', 'lastUsedAt', 'status'] as const) {
        for (const direction of ['asc', 'desc'] as const) {
          const sort = { by, direction }
          expect(await api.list(OWNER, { sort })).toMatchObject({ tokens: [{ id: token.id }], total: 1 })
          expect(await api.list(OWNER, { sort, statuses: ['active'] })).toMatchObject({ total: 1 })
          const page = await api.list(OWNER, { sort, window: { after: null, limit: 1 } })
          expect(page).toMatchObject({ tokens: [{ id: token.id }], next: null })
        }
      }
    }
  })

  it('revokeAll revokes an API its own', async () => {
    expect(await jobs.revokeAll(OWNER)).toMatchObject({ revoked: 1 })
    expect(await jobs.verify(job.secret)).toMatchObject({ reason: 'revoked' })
    expect(await deploys.verify(deploy.secret)).toMatchObject({ ok: true })
  })

  it('listUnused and revokeUnused are about an API its own', async () => {
    await jobs.verify(job.secret)
    await deploys.verify(deploy.secret)
    await Promise.all([jobs.flush(), deploys.flush()])
    clock += 20_000
    expect((await jobs.listUnused(OWNER, { unusedForMs: 1 })).map(({ id }) => id)).toEqual([])
    const quick = open({ prefix: 'ot_pat', recordUseEveryMs: 0 })
    expect((await quick.listUnused(OWNER, { unusedForMs: 1 })).map(({ id }) => id)).toEqual([job.token.id])
    expect(await quick.revokeUnused(OWNER, { unusedForMs: 1 })).toBe(1)
    expect(await deploys.verify(deploy.secret)).toMatchObject({ ok: true })
  })

  it('prune removes an API its own, and leaves what another one still keeps', async () => {
    await Promise.all([jobs.revoke(OWNER, job.token.id), deploys.revoke(OWNER, deploy.token.id)])
    clock += 10
    expect(await jobs.prune({ keepMs: 0 })).toBe(1)
    expect(await jobs.verify(job.secret)).toMatchObject({ reason: 'unknown' })
    expect(await deploys.verify(deploy.secret)).toMatchObject({ reason: 'revoked' })
    expect(await deploys.prune({ keepMs: 30 * DAY })).toBe(0)
  })

  it('prunes on a schedule for each API', async () => {
    await Promise.all([jobs.revoke(OWNER, job.token.id), deploys.revoke(OWNER, deploy.token.id)])
    clock += 10
    for (const [api, { secret }] of [
      [jobs, job],
      [deploys, deploy],
    ] as const) {
      const schedule = api.startPruning({ keepMs: 0, everyMs: 1_000, random: () => 0 })
      await expect.poll(() => api.verify(secret)).toMatchObject({ reason: 'unknown' })
      await schedule.stop()
    }
  })

  it('the limit of active tokens is an API’s own', async () => {
    for (const api of [jobs, deploys]) {
      await issue(api)
      await issue(api)
      const details = { limit: 3, active: 3 }
      await expect(issue(api)).rejects.toMatchObject({ code: 'active_limit_reached', details })
    }
  })

  it('an idempotency key is an API’s own, and so is its answer', async () => {
    const request = (name: string) => ({ owner: OWNER, name, scopes: [], idempotencyKey: 'deploy-42' })
    const [one, other] = [await jobs.issue(request('a')), await deploys.issue(request('b'))]
    expect([one.replayed, other.replayed]).toEqual([false, false])
    expect(await jobs.issue(request('a'))).toMatchObject({ replayed: true, token: { id: one.token.id } })
    expect(await deploys.issue(request('b'))).toMatchObject({ replayed: true, token: { id: other.token.id } })
    await expect(jobs.issue(request('b'))).rejects.toMatchObject({ code: 'idempotency_conflict' })
  })

  it('two whose prefixes overlap share those tokens', async () => {
    const both = open({ prefix: 'both', retiredPrefixes: ['tok_live', 'ot_pat'] })
    expect(await idsIn(both)).toEqual(expect.arrayContaining([job.token.id, deploy.token.id]))
    await both.revoke(OWNER, deploy.token.id)
    expect(await deploys.verify(deploy.secret)).toMatchObject({ reason: 'revoked' })
    expect(await idsIn(jobs)).toEqual([job.token.id])
  })
})
