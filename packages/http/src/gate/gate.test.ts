import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { createTokens } from '@tessera/core'
import type { TokenEvent } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { breakable } from '../../testing/breakable-store.ts'
import { gateRequestOf, requestOf } from '../../testing/request.ts'
import type { RequestFacts } from '../../testing/request.ts'
import { plain } from '../dialects/plain.ts'
import { listHandler } from '../manage/list-handler.ts'
import type { Caller, MaybeCaller } from '../message/caller.ts'
import { Problem } from '../message/problem.ts'
import type { Admission } from './admission.ts'
import type { GateOptions } from './gate-options.ts'
import type { GateRequest } from './gate-request.ts'
import { gate } from './gate.ts'

const ADA: Caller = { owner: 'acme', scopes: ['jobs:read'], createdBy: 'ada' }
const bearer = (secret: string) => ({ authorization: [`Bearer ${secret}`] })
const session = (found: MaybeCaller) => ({ caller: () => found })

async function open(options: GateOptions = {}) {
  const { store, outage } = breakable(memoryStore())
  const events: TokenEvent[] = []
  const tokens = createTokens({ store, prefix: 'ot_pat', onEvent: (event) => void events.push(event) })
  const { secret, token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
  const decide = gate(tokens, options)
  const ask = (facts: RequestFacts = {}, known: Partial<GateRequest> = {}) =>
    decide({ ...gateRequestOf(facts), ...known })
  return { tokens, outage, events, secret, id: token.id, ask }
}

function refusal(admission: Admission) {
  if (admission.ok) throw new Error('was admitted')
  const { code, status, headers, message } = admission.problem
  expect(admission.answer.status).toBe(status)
  return { code, status, challenge: headers['WWW-Authenticate'], message, body: admission.answer.body }
}

describe('a gate for tokens', () => {
  it('admits an active token with the scopes, as the caller too', async () => {
    const { ask, secret, id } = await open({ scopes: ['jobs:read'] })
    const admission = await ask({ headers: bearer(secret) })
    expect(admission).toMatchObject({ ok: true, token: { id }, caller: { id }, headers: {} })
  })

  it('watches its token with every scope asked so far, and the address', async () => {
    const { ask, secret, tokens } = await open({ scopes: ['jobs:read'] })
    const watched: unknown[] = []
    const watch = tokens.watch.bind(tokens)
    Object.assign(tokens, { watch: (...given: Parameters<typeof watch>) => (watched.push(given[1]), watch(...given)) })
    const admission = await ask({ headers: bearer(secret) }, { ip: '192.0.2.7' })
    const more = admission.ok && admission.require({ anyScope: ['jobs:read', 'admin'] })
    if (!more || !more.ok) throw new Error('was refused')
    expect(more.watch({ withinMs: 500 }).signal.aborted).toBe(false)
    const requirements = [{ scopes: ['jobs:read'] }, { anyScope: ['jobs:read', 'admin'] }]
    expect(watched).toEqual([{ requirements, ip: '192.0.2.7', withinMs: 500 }])
    expect(() => more.watch({ scopes: [] } as never)).toThrow('watch: unknown option "scopes"')
    await tokens.close()
  })

  it('challenges nobody with a realm, and a bad token with an error alone', async () => {
    const { ask } = await open()
    expect(refusal(await ask())).toMatchObject({ code: 'unauthenticated', challenge: 'Bearer realm="api"' })
    expect(refusal(await ask({ headers: bearer('bad') })).challenge).toMatch(/^Bearer error="invalid_token"/)
  })

  it('words refusals in the dialect, by default in the standard one', async () => {
    const byDefault = refusal(await (await open()).ask())
    expect(JSON.parse(byDefault.body)).toMatchObject({ code: 'unauthenticated', detail: byDefault.message })
    const worded = refusal(await (await open({ dialect: plain })).ask())
    expect(JSON.parse(worded.body)).toMatchObject({ error: { code: 'UNAUTHORIZED' } })
  })

  it('names the realm, the metadata and the missing scopes in its challenge', async () => {
    const resourceMetadata = 'https://api.example.com/.well-known/oauth-protected-resource'
    const { ask, secret } = await open({ scopes: ['jobs:write'], realm: 'Acme', resourceMetadata })
    expect(refusal(await ask({ headers: bearer(secret) }))).toMatchObject({
      status: 403,
      challenge: expect.stringMatching(/^Bearer realm="Acme", .*scope="jobs:write", resource_metadata="https:.*"$/),
    })
  })

  it('admits nobody by optional, and never a bad token', async () => {
    const { ask } = await open({ optional: true })
    expect(await ask()).toMatchObject({ ok: true, token: null, caller: null })
    expect(refusal(await ask({ headers: bearer('bad') }))).toMatchObject({ status: 401 })
  })

  it('answers a store failure with 503, told once and as no refusal', async () => {
    const failures: Error[] = []
    const { ask, outage, secret } = await open({
      onError: (error) => void failures.push(error),
      onRefusal: () => expect.fail(),
    })
    outage.error = new Error('down')
    expect(refusal(await ask({ headers: bearer(secret) }))).toMatchObject({ status: 503, challenge: undefined })
    expect(failures).toHaveLength(1)
  })

  it('shows no secret in a log of its admission', async () => {
    const { ask, secret } = await open()
    const admission = await ask({ headers: bearer(secret) })
    expect(inspect(admission, { depth: null, showHidden: true }) + JSON.stringify(admission)).not.toContain(secret)
  })

  it('asks for more scopes of an admitted token, and hands on what was asked', async () => {
    const { ask, secret, tokens } = await open()
    const admission = await ask({ headers: bearer(secret) })
    if (!admission.ok) throw new Error('was refused')
    const more = admission.require({ anyScope: ['jobs:read'] })
    expect(more).toMatchObject({ ok: true, facts: { requirements: [{}, { anyScope: ['jobs:read'] }] } })
    expect(refusal(admission.require({ scopes: ['admin'] })).challenge).toContain('scope="admin"')
    expect(tokens.stats().refused).toMatchObject({ insufficient_scope: 1 })
  })

  it.each<[string, GateOptions | object]>([
    ['scope', { scope: ['a'] }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: undefined }],
    ['origins', { origins: ['app.example.com'] }],
    ['origins', { origins: 'https://app.example.com' }],
    ['onRefusal', { onRefusal: true }],
  ])('fails at once for a wrong option %s', (name, options) => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    expect(() => gate(tokens, options as GateOptions)).toThrow(new RegExp(`^gate: .*"${name}"`))
    expect(() => gate({} as never)).toThrow(TypeError)
  })
})

describe('a gate behind another', () => {
  it('adds what it asks of the token to what was asked before', async () => {
    const { ask, tokens, secret } = await open({ anyScope: ['jobs:read'] })
    const request = gateRequestOf({ headers: bearer(secret) })
    const before = await gate(tokens, { scopes: ['jobs:read'] })(request)
    if (!before.ok) throw new Error('was refused')
    const requirements = [{ scopes: ['jobs:read'] }, { anyScope: ['jobs:read'] }]
    expect(await ask({}, { ...request, before })).toMatchObject({ facts: { requirements } })
    const other = await tokens.issue({ owner: 'acme', name: 'CD', scopes: ['jobs:read'] })
    const asked = await ask({ headers: bearer(other.secret) }, { before })
    expect(asked.ok && asked.facts.requirements).toEqual([{ anyScope: ['jobs:read'] }])
  })
})

describe('a gate with carriers', () => {
  const carriers = { query: true, form: true }
  const form = { 'content-type': ['application/x-www-form-urlencoded'] }

  it('marks an answer to a token in the query as private (RFC 6750 §2.3)', async () => {
    const { ask, secret } = await open({ carriers })
    expect(await ask({ query: `access_token=${secret}` })).toMatchObject({ headers: { 'Cache-Control': 'private' } })
    expect(await ask({ headers: bearer(secret) })).toMatchObject({ ok: true, headers: {} })
  })

  it('reads a form only where its body means something (RFC 6750 §2.2)', async () => {
    const { ask, secret } = await open({ carriers })
    const source = { form: async () => ({ access_token: secret }) }
    expect(await ask({ method: 'POST', headers: form }, source)).toMatchObject({ ok: true, headers: {} })
    const withTab = { 'content-type': ['application/x-www-form-urlencoded\t; charset=utf-8'] }
    expect(await ask({ method: 'POST', headers: withTab }, source)).toMatchObject({ ok: true })
    for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS'])
      expect(refusal(await ask({ method, headers: form }, source))).toMatchObject({ code: 'unauthenticated' })
    const json = { 'content-type': ['application/json'] }
    expect(refusal(await ask({ method: 'POST', headers: json }, source))).toMatchObject({ code: 'unauthenticated' })
  })

  it('finds the token in whatever a parser left of a form, and takes nothing else for one', async () => {
    const { ask, secret } = await open({ carriers })
    const text = `a=1&access_token=${secret}`
    const asked = (left: unknown) => ask({ method: 'POST', headers: form }, { form: left, ...session(ADA) })
    const fields = new FormData()
    fields.set('access_token', secret)
    for (const left of [{ access_token: secret }, text, Buffer.from(text), new URLSearchParams(text), fields])
      expect(await asked(left)).toMatchObject({ ok: true, token: { owner: 'acme' } })
    for (const left of [undefined, null, 7, [], Readable.from([text]), new Blob([text]).stream()])
      await expect(asked(left)).rejects.toThrow('carriers.form: no form is parsed')
  })

  it('refuses two credentials, and never asks for the form if none may be there', async () => {
    const { ask, secret } = await open({ carriers: { query: true } })
    const both = { query: 'access_token=a', headers: { ...bearer(secret), ...form }, method: 'POST' }
    expect(refusal(await ask(both, { form: () => expect.fail() }))).toMatchObject({ code: 'invalid_request' })
  })
})

describe('a gate for a token or a person', () => {
  it('admits a person if there is no token, and counts no missing one', async () => {
    const { ask, tokens, events } = await open({ scopes: ['jobs:read'] })
    expect(await ask({}, session(ADA))).toMatchObject({ ok: true, token: null, caller: ADA })
    expect(await ask({ headers: { authorization: ['Basic eA=='] } }, session(ADA))).toMatchObject({ ok: true })
    expect(tokens.stats().refused).toMatchObject({ missing: 0 })
    expect(events.filter(({ type }) => type === 'refused')).toEqual([])
  })

  it('takes the token first, and never falls back from a bad one', async () => {
    const { ask, secret, id } = await open()
    const unasked = { caller: () => expect.fail() }
    expect(await ask({ headers: bearer(secret) }, unasked)).toMatchObject({ ok: true, token: { id } })
    for (const authorization of [['Bearer bad'], ['Bearer '], ['Bearer'], ['Bearer a', 'Bearer b']])
      expect((await ask({ headers: { authorization } }, unasked)).ok).toBe(false)
  })

  it.each([null, undefined, false as const])('challenges nobody if the session gives %s', async (nobody) => {
    const { ask } = await open()
    expect(refusal(await ask({}, session(nobody)))).toMatchObject({ status: 401, challenge: 'Bearer realm="api"' })
  })

  it('asks a person for the scopes, without a challenge', async () => {
    const { ask } = await open({ scopes: ['jobs:write'] })
    const lacking = refusal(await ask({}, session(ADA)))
    expect(lacking).toMatchObject({ code: 'insufficient_scope', status: 403, challenge: undefined })
    expect(lacking.message).toBe('You lack a scope that the request needs: jobs:write')
    expect(await ask({}, session({ ...ADA, scopes: null }))).toMatchObject({ ok: true })
  })

  it('is closed to people too if its scopes were forgotten', async () => {
    const { ask } = await open({ scopeRequired: true })
    for (const scopes of [null, ['jobs:read']])
      expect(refusal(await ask({}, session({ ...ADA, scopes })))).toMatchObject({ code: 'insufficient_scope' })
  })

  it('words a problem of the session, and passes on its faults', async () => {
    const { ask } = await open({ dialect: plain })
    const forbidden = () => {
      throw new Problem('forbidden', 'Your account is locked.')
    }
    expect(JSON.parse(refusal(await ask({}, { caller: forbidden })).body)).toMatchObject({
      error: { code: 'FORBIDDEN' },
    })
    const fault = new Error('the login is down')
    await expect(ask({}, { caller: () => Promise.reject(fault) })).rejects.toBe(fault)
    const { scopes: _, ...without } = ADA
    await expect(ask({}, session(without as Caller))).rejects.toThrow(TypeError)
    await expect(ask({}, session(true as never))).rejects.toThrow(TypeError)
  })

  it('lets a person change nothing from another site', async () => {
    const { ask, secret } = await open()
    const headers = { 'sec-fetch-site': ['cross-site'] }
    expect(await ask({ headers }, session(ADA))).toMatchObject({ ok: true })
    expect(refusal(await ask({ method: 'POST', headers }, session(ADA)))).toMatchObject({ code: 'forbidden' })
    const byToken = { method: 'POST', headers: { ...headers, ...bearer(secret) } }
    expect(await ask(byToken, session(ADA))).toMatchObject({ ok: true })
  })

  it('hands a person on as one, to a handler behind it', async () => {
    const { ask, tokens } = await open()
    const admission = await ask({}, session(ADA))
    if (!admission.ok) throw new Error('was refused')
    const scopes = { read: ['admin'], write: ['admin'] }
    const answer = await listHandler(tokens, { dialect: plain, scopes })({ ...requestOf(), ...admission.facts })
    expect(answer).toMatchObject({ status: 403, headers: expect.not.objectContaining({ 'WWW-Authenticate': /./ }) })
    expect(answer.headers).not.toHaveProperty('WWW-Authenticate')
  })
})

describe('onRefusal of a gate', () => {
  it('gets the problem, the reason with the token, and the request of the adapter', async () => {
    const told: unknown[] = []
    const onRefusal = (...args: readonly unknown[]) => void told.push(args)
    const { ask, tokens, secret, id } = await open({ onRefusal })
    await tokens.revoke('acme', id)
    const request = gateRequestOf({ headers: bearer(secret) })
    await gate(tokens, { onRefusal })(request)
    await ask({ method: 'POST', headers: { origin: ['https://evil.test'], host: ['a'] } }, session(ADA))
    const problem = (code: string) => expect.objectContaining({ code })
    expect(told).toEqual([
      [problem('invalid_token'), { reason: 'revoked', token: expect.objectContaining({ id }) }, request],
      [problem('forbidden'), { reason: 'other_site', token: ADA }, expect.anything()],
    ])
    expect(told[0]).toHaveProperty('2', request)
  })

  it('is told of nobody whom optional admits, until something is asked of them', async () => {
    const reasons: string[] = []
    const { ask } = await open({ optional: true, onRefusal: (_problem, { reason }) => void reasons.push(reason) })
    const admission = await ask()
    expect(reasons).toEqual([])
    if (!admission.ok) throw new Error('was refused')
    expect(refusal(admission.require({ scopes: ['jobs:read'] }))).toMatchObject({ status: 401 })
    expect(reasons).toEqual(['missing'])
  })

  it('changes no answer if it fails', async () => {
    const failures: Error[] = []
    const onError = (error: Error) => void failures.push(error)
    const onRefusal = () => {
      throw new Error('of the hook')
    }
    const { ask } = await open({ onRefusal, onError })
    expect(refusal(await ask())).toMatchObject({ status: 401 })
    expect(failures).toMatchObject([{ message: 'of the hook' }])
  })
})
