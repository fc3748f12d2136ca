import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { TokenEvent } from '../observe/token-event.ts'
import type { ActingToken } from '../steps/decision/acting-token.ts'
import type { Tokens } from '../tokens.ts'

const CI = { owner: 'acme', name: 'CI', scopes: ['a'] }
const HOUR = 3_600_000
const ALL_UNUSED = { unusedForMs: 1, evenIfNoneWasUsed: true }

/** Every verb that changes something, asked for by a token. */
const CHANGES: Readonly<Record<string, (tokens: Tokens, actor: ActingToken, id: string) => Promise<unknown>>> = {
  issue: (tokens, actor) => tokens.issue({ ...CI, actor }),
  edit: (tokens, actor, id) => tokens.edit('acme', id, { name: 'renamed' }, { actor }),
  rotate: (tokens, actor, id) => tokens.rotate('acme', id, { actor }),
  suspend: (tokens, actor, id) => tokens.suspend('acme', id, { actor }),
  resume: (tokens, actor, id) => tokens.resume('acme', id, { actor }),
  revoke: (tokens, actor, id) => tokens.revoke('acme', id, { actor }),
  revokeAll: (tokens, actor) => tokens.revokeAll('acme', { actor }),
  revokeUnused: (tokens, actor) => tokens.revokeUnused('acme', { ...ALL_UNUSED, actor }),
}

/** Why a token may not ask for anything, and what makes it so. */
const ENDS = {
  revoked: (tokens: Tokens, id: string) => tokens.revoke('acme', id),
  suspended: (tokens: Tokens, id: string) => tokens.suspend('acme', id),
}

async function opened() {
  const events: TokenEvent[] = []
  const { tokens, watched, clock } = openTokens({ onEvent: (event) => events.push(event) })
  const { token: acting, secret } = await tokens.issue({ ...CI, name: 'acting', scopes: ['a', 'b'] })
  const { token: other } = await tokens.issue(CI)
  return { tokens, watched, clock, acting, secret, other, events }
}

async function everyToken(tokens: Tokens): Promise<unknown> {
  return (await tokens.list('acme')).tokens
}

describe.each(Object.keys(CHANGES))('%s by a token', (verb) => {
  const change = CHANGES[verb] as (typeof CHANGES)[string]

  it.each(['revoked', 'suspended'] as const)(
    'changes nothing once that is %s, and tells of the refusal',
    async (end) => {
      const { tokens, acting, other, events } = await opened()
      await ENDS[end](tokens, acting.id)
      const before = await everyToken(tokens)
      await tokens.close()
      const told = events.length
      const asking = change(tokens, { id: acting.id }, other.id)
      await expect(asking).rejects.toMatchObject({ code: 'actor_refused', details: { reason: end } })
      await expect(everyToken(tokens)).resolves.toEqual(before)
      await tokens.close()
      expect(events.slice(told)).toMatchObject([{ type: 'refused', reason: end, tokenId: acting.id }])
    },
  )

  it('changes nothing once that lacks a scope of the route, or comes from elsewhere', async () => {
    const { tokens, acting, other } = await opened()
    const { token: bound } = await tokens.issue({ ...CI, networks: ['192.0.2.0/24'] })
    const before = await everyToken(tokens)
    await expect(change(tokens, { id: acting.id, requirements: [{ scopes: ['c'] }] }, other.id)).rejects.toMatchObject({
      ...{ code: 'insufficient_scope', details: { scopes: ['c'] } },
    })
    for (const ip of [undefined, '198.51.100.7']) {
      await expect(change(tokens, { id: bound.id, ip }, other.id)).rejects.toMatchObject({
        ...{ code: 'actor_refused', details: { reason: 'network_not_allowed' } },
      })
    }
    await expect(everyToken(tokens)).resolves.toEqual(before)
  })

  it('changes nothing once the credential has ended that is derived from it', async () => {
    const { tokens, clock, acting, other } = await opened()
    const until = new Date(NOW + HOUR)
    const before = await everyToken(tokens)
    clock.now = NOW + HOUR
    await expect(change(tokens, { id: acting.id, until }, other.id)).rejects.toMatchObject({
      ...{ code: 'actor_refused', details: { reason: 'expired' } },
    })
    for (const wrong of [new Date(Number.NaN), NOW as never]) {
      const refused = { code: 'invalid_parameter', details: { parameter: 'actor' } }
      await expect(change(tokens, { id: acting.id, until: wrong }, other.id)).rejects.toMatchObject(refused)
    }
    clock.now = NOW + HOUR - 1
    await expect(everyToken(tokens)).resolves.toEqual(before)
    await change(tokens, { id: acting.id, until }, other.id)
  })

  it('is made by an active one, and by no text that is no id', async () => {
    const { tokens, watched, acting, secret, other } = await opened()
    await expect(change(tokens, { id: secret }, other.id)).rejects.toMatchObject({ code: 'actor_refused' })
    expect(JSON.stringify(watched.calls)).not.toContain(secret)
    await change(tokens, { id: acting.id }, other.id)
  })
})

describe('a change by a token', () => {
  const LIST = 'its requirements a list of { scopes, anyScope }'

  it.each([
    [null, 'a token that asks: { id, requirements, ip, until, mayOutlive }'],
    [{}, 'its id a text'],
    [{ id: 7 }, 'its id a text'],
    [{ id: 'acting', requirements: [{ scopes: 'a' }] }, LIST],
    [{ id: 'acting', requirements: [{ anyScope: undefined }] }, LIST],
    [{ id: 'acting', until: NOW }, 'its until a valid date, or null'],
    [{ id: 'acting', mayOutlive: 'no' }, 'its mayOutlive a boolean'],
  ])('asks nothing of %j, which is a mistake', async (actor, right) => {
    const { tokens, other } = await opened()
    for (const change of Object.values(CHANGES)) {
      const refusal = await change(tokens, actor as never, other.id).catch((error: unknown) => error)
      expect(refusal).toMatchObject({ code: 'invalid_parameter', details: { parameter: 'actor' } })
      expect(String(refusal)).toContain(right)
    }
  })

  it.each([
    ['acting', 'options must be an object, got a value of type string'],
    [{ id: 'acting', requirement: [{ scopes: ['a'] }] }, 'unknown option "requirement"; the options are id, requirem'],
    [{ id: 'acting', requirements: 'a' }, 'option "requirements" must be a list, got a value of type string'],
    [{ id: 'acting', requirements: [null] }, 'requirements: options must be an object, got null'],
    [{ id: 'acting', requirements: [{ scope: ['a'] }] }, 'unknown option "scope"; the options are scopes, anyScope'],
  ])('asks nothing of %j, whose names are mistyped', async (actor, message) => {
    const { tokens, other } = await opened()
    for (const change of Object.values(CHANGES)) {
      const refusal = await change(tokens, actor as never, other.id).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(TypeError)
      expect(String(refusal)).toMatch(/^TypeError: \w+(: options)?: actor: /)
      expect(String(refusal)).toContain(message)
    }
  })

  it('keeps nothing under the key of a refused request', async () => {
    const { tokens, acting } = await opened()
    await tokens.suspend('acme', acting.id)
    const request = { ...CI, actor: { id: acting.id }, idempotencyKey: 'deploy-42' }
    await expect(tokens.issue(request)).rejects.toMatchObject({ code: 'actor_refused' })
    await tokens.resume('acme', acting.id)
    await expect(tokens.issue(request)).resolves.toMatchObject({ replayed: false })
  })

  it('is refused before its key is looked at', async () => {
    const { tokens, acting } = await opened()
    const request = { ...CI, actor: { id: acting.id }, idempotencyKey: 'deploy-42' }
    await tokens.issue(request)
    await tokens.revoke('acme', acting.id)
    await expect(tokens.issue(request)).rejects.toMatchObject({ code: 'actor_refused' })
    await expect(tokens.issue({ ...request, expiresAt: new Date(NOW) })).rejects.toMatchObject({
      code: 'actor_refused',
    })
  })

  it('may be its own end', async () => {
    const { tokens, acting, secret } = await opened()
    await tokens.edit('acme', acting.id, { name: 'renamed' }, { actor: { id: acting.id } })
    const rotated = await tokens.rotateSecret(secret, { actor: { id: acting.id } })
    expect(rotated).toMatchObject({ replayed: false, token: { name: 'renamed' } })
    await tokens.revoke('acme', acting.id, { actor: { id: acting.id } })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ reason: 'revoked' })
    await expect(tokens.revoke('acme', acting.id, { actor: { id: acting.id } })).rejects.toMatchObject({
      code: 'actor_refused',
    })
  })
})

describe('issue by a token', () => {
  it('gives what was not asked for within what the maker has by then', async () => {
    const { tokens } = await opened()
    const expiresAt = new Date(NOW + HOUR)
    const { token: maker } = await tokens.issue({ ...CI, expiresAt, networks: ['192.0.2.0/24'] })
    const actor = { id: maker.id, ip: '192.0.2.7' }
    const { token } = await tokens.issue({ ...CI, actor })
    expect(token).toMatchObject({ expiresAt, networks: ['192.0.2.0/24'], issuedBy: maker.id })
    await expect(tokens.get('acme', token.id)).resolves.toEqual(token)
    const outliving = await tokens.issue({ ...CI, actor: { ...actor, mayOutlive: true } })
    expect(outliving.token).toMatchObject({ expiresAt: null, networks: ['192.0.2.0/24'] })
  })

  it('refuses what was asked for beyond it', async () => {
    const { tokens } = await opened()
    const expiresAt = new Date(NOW + HOUR)
    const { token: maker } = await tokens.issue({ ...CI, expiresAt, networks: ['192.0.2.0/24'] })
    const actor = { id: maker.id, ip: '192.0.2.7' }
    const refusals = [
      [{ scopes: ['a', 'b'] }, { code: 'insufficient_scope', details: { scopes: ['b'] } }],
      [{ networks: ['192.0.0.0/16'] }, { code: 'invalid_parameter', details: { parameter: 'networks' } }],
      [{ networks: null }, { code: 'invalid_parameter', details: { parameter: 'networks' } }],
      [{ expiresAt: new Date(NOW + HOUR + 1) }, { code: 'invalid_parameter', details: { parameter: 'expiresAt' } }],
      [{ expiresAt: null }, { code: 'invalid_parameter', details: { parameter: 'expiresAt' } }],
    ] as const
    for (const [asked, refusal] of refusals) {
      await expect(tokens.issue({ ...CI, ...asked, actor })).rejects.toMatchObject(refusal)
    }
  })

  it('takes the overlap of a rotated maker for its end', async () => {
    const { tokens, acting } = await opened()
    await tokens.rotate('acme', acting.id, { overlapMs: HOUR })
    const { token } = await tokens.issue({ ...CI, actor: { id: acting.id } })
    expect(token.expiresAt).toEqual(new Date(NOW + HOUR))
  })
})

describe('a token that gives another more than it has', () => {
  it('adds none but its own scopes, as they are then', async () => {
    const { tokens, acting, other } = await opened()
    const adding = () => tokens.edit('acme', other.id, { scopes: ['a', 'b'] }, { actor: { id: acting.id } })
    await tokens.edit('acme', acting.id, { scopes: ['a'] })
    await expect(adding()).rejects.toMatchObject({ code: 'insufficient_scope', details: { scopes: ['b'] } })
    await tokens.edit('acme', acting.id, { scopes: ['b'] })
    await expect(adding()).resolves.toMatchObject({ token: { scopes: ['a', 'b'] } })
  })

  it.each([
    [{ scopes: ['a', 'b'] }, { code: 'insufficient_scope', details: { scopes: ['b'] } }],
    [{ networks: ['192.0.0.0/16'] }, { code: 'beyond_ceiling', details: { parameter: 'networks' } }],
    [{ expiresAt: new Date(NOW + HOUR + 1) }, { code: 'beyond_ceiling', details: { parameter: 'expiresAt' } }],
  ])('gets the successor of none with more: %j', async (more, refusal) => {
    const { tokens } = await opened()
    const narrow = { ...CI, networks: ['192.0.2.0/24'], expiresAt: new Date(NOW + HOUR) }
    const { token: maker } = await tokens.issue(narrow)
    const actor = { id: maker.id, ip: '192.0.2.7' }
    const { token: wide } = await tokens.issue({ ...narrow, ...more })
    await expect(tokens.rotate('acme', wide.id, { actor })).rejects.toMatchObject(refusal)
    await expect(tokens.get('acme', wide.id)).resolves.toEqual(wide)
    const { token: equal } = await tokens.issue(narrow)
    await expect(tokens.rotate('acme', equal.id, { actor })).resolves.toMatchObject({ replayed: false })
    await expect(tokens.rotate('acme', maker.id, { actor })).resolves.toMatchObject({ replayed: false })
  })
})

describe('revokeAll by a token', () => {
  it('revokes that last, so that it can be finished', async () => {
    const { tokens, acting } = await opened()
    await expect(tokens.revokeAll('acme', { actor: { id: acting.id } })).resolves.toEqual({
      revoked: 2,
      replayed: false,
    })
    await expect(tokens.list('acme', { statuses: ['active'] })).resolves.toMatchObject({ total: 0 })
  })

  it('goes no further than the token does', async () => {
    const store = memoryStore()
    const { tokens, clock } = openTokens({ store })
    const { token: acting } = await tokens.issue(CI)
    const { token: other } = await tokens.issue(CI)
    const revokingMeanwhile = openTokens({
      now: () => clock.now,
      store: {
        ...store,
        async list(query) {
          const page = await store.list(query)
          await tokens.revoke('acme', acting.id)
          return page
        },
      },
    })
    const asking = revokingMeanwhile.tokens.revokeAll('acme', { actor: { id: acting.id } })
    await expect(asking).rejects.toMatchObject({ code: 'actor_refused', details: { reason: 'revoked' } })
    await expect(tokens.get('acme', other.id)).resolves.toMatchObject({ status: 'active' })
  })
})
