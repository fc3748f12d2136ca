import { StoreError } from '@tessera/core'
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { anyText } from '../../testing/any-text.ts'
import { openApi } from '../../testing/open-api.ts'
import { plain } from '../dialects/plain.ts'
import type { HttpHeaders } from '../message/message.ts'
import type { RefusedRequest } from '../message/refused-request.ts'
import { authenticateRequest } from './authenticate-request.ts'
import type { Authenticator } from './authenticator.ts'

const bearer = (secret: string) => ({ authorization: [`Bearer ${secret}`] })
const refused = (reason: string) => ({ ok: false, reason })

async function issued(scopes = ['jobs:read']) {
  const api = openApi(plain)
  return { ...api, ...(await api.tokens.issue({ owner: 'acme', name: 'CI', scopes })) }
}

describe('authenticateRequest', () => {
  it('finds out whose token the header holds', async () => {
    const { tokens, secret, token } = await issued()
    await expect(authenticateRequest(tokens, bearer(secret))).resolves.toEqual({ ok: true, token })
  })

  it('takes a secret from another carrier, and refuses two', async () => {
    const { tokens, secret } = await issued()
    await expect(authenticateRequest(tokens, {}, { others: [secret] })).resolves.toMatchObject({ ok: true })
    await expect(authenticateRequest(tokens, bearer(secret), { others: [secret] })).resolves.toEqual(
      refused('several_credentials'),
    )
  })

  it('asks for scopes where there are requirements', async () => {
    const { tokens, secret } = await issued()
    const writing = { scopes: ['jobs:write'] }
    await expect(authenticateRequest(tokens, bearer(secret), { scopes: ['jobs:read'] })).resolves.toMatchObject({
      ok: true,
    })
    await expect(authenticateRequest(tokens, bearer(secret), writing)).resolves.toEqual(refused('insufficient_scope'))
  })

  it('tells the app once why it refused, and which token', async () => {
    const { tokens, secret, token } = await issued()
    const told: RefusedRequest[] = []
    const asking = (headers: HttpHeaders, authenticator: Pick<Authenticator, 'verify'> = tokens) =>
      authenticateRequest(authenticator, headers, { scopes: ['jobs:write'], onRefusal: (each) => told.push(each) })
    await expect(asking(bearer(secret))).resolves.toEqual(refused('insufficient_scope'))
    await asking(bearer('x'))
    await asking({ authorization: ['Bearer x', 'Bearer y'] })
    const silent = { verify: async () => ({ ok: false, reason: 'expired' }) as const }
    await asking(bearer(secret), silent)
    expect(told).toMatchObject([
      { reason: 'insufficient_scope', token: { id: token.id } },
      { reason: 'malformed', token: null },
      { reason: 'several_credentials', token: null },
      { reason: 'expired', token: null },
    ])
  })

  it('refuses every good token, if a scope has to be named and none is', async () => {
    const { tokens, secret } = await issued()
    const asking = (text: string, scopes: string[]) =>
      authenticateRequest(tokens, bearer(text), { scopes, scopeRequired: true })
    await expect(asking(secret, [])).resolves.toEqual(refused('insufficient_scope'))
    await expect(asking('x', [])).resolves.toEqual(refused('malformed'))
    await expect(asking(secret, ['jobs:read'])).resolves.toMatchObject({ ok: true })
  })

  it('hands on the address of the client, without which a token that is bound to networks is refused', async () => {
    const { tokens } = await issued()
    const networks = ['192.0.2.0/24']
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [], networks })
    const from = (ip?: string) => authenticateRequest(tokens, bearer(secret), { ip })
    await expect(from('192.0.2.7')).resolves.toMatchObject({ ok: true })
    await expect(from('198.51.100.7')).resolves.toEqual(refused('network_not_allowed'))
    await expect(from()).resolves.toEqual(refused('network_not_allowed'))
  })

  it('refuses id, preview and near misses of a real secret', async () => {
    const { tokens, secret, token } = await issued()
    const misses = [token.id, token.preview, `${secret}x`, secret.slice(0, -1), secret.toUpperCase(), `"${secret}"`]
    for (const miss of [...misses, `${secret},${secret}`, `${secret} `, '', 'a'.repeat(100_000)])
      await expect(authenticateRequest(tokens, bearer(miss))).resolves.toEqual(refused('malformed'))
  })

  it('lets no header in that does not hold the secret', async () => {
    const { tokens } = await issued()
    const values = fc.oneof(
      anyText,
      anyText.map((text) => `Bearer ${text}`),
      fc.stringMatching(/^[Bb]earer +ot_pat_[0-9A-Za-z]{48}$/),
      fc.base64String().map((text) => `Basic ${text}`),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(values, { maxLength: 2 }), async (authorization) => {
        const { ok } = await authenticateRequest(tokens, { authorization })
        expect(ok).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it.each<[string, unknown[]]>([
    ['options must be an object, got an array', [[], { scopes: ['jobs:write'] }]],
    ['options must be an object, got an array', [['jobs:write']]],
    ['unknown option "scope"; the options are scopes, anyScope, scopeRequired, ip, ', [{ scope: ['jobs:write'] }]],
    ['the options stand third, and nothing after them', [{}, { scopes: ['jobs:write'] }]],
    ['option "others" must be a list of secrets', [{ others: 'a secret' }]],
    ['option "scopes" must be a list of scopes', [{ scopes: undefined }]],
  ])('takes the scopes of a route from one place, and is rejected otherwise: %s', async (message, given) => {
    const { tokens, secret } = await issued()
    const asking = Reflect.apply(authenticateRequest, undefined, [tokens, bearer(secret), ...given])
    await expect(asking).rejects.toThrow(TypeError)
    await expect(asking).rejects.toThrow(message)
  })

  it('reads headers in every form that a platform has', async () => {
    const { tokens, secret } = await issued()
    const authorization = `Bearer ${secret}`
    const forms = [{ authorization }, { Authorization: [authorization] }, new Headers({ authorization })]
    for (const headers of forms) {
      await expect(authenticateRequest(tokens, headers)).resolves.toMatchObject({ ok: true })
    }
    const joined = new Headers([
      ['authorization', authorization],
      ['authorization', authorization],
    ])
    await expect(authenticateRequest(tokens, joined)).resolves.toEqual(refused('malformed'))
    const given = { headers: { authorization } } as never
    await expect(authenticateRequest(tokens, given)).rejects.toThrow('headers must be those of the request')
  })

  it.each([
    ['throws', () => AbortSignal.abort(new Error('told nobody')).throwIfAborted()],
    ['rejects', () => Promise.reject(new Error('told nobody, later'))],
    ['never settles', () => new Promise(() => {})],
  ])('answers the same if onRefusal %s', async (_fault, onRefusal) => {
    const { tokens } = await issued()
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
    await expect(authenticateRequest(tokens, bearer('x'), { onRefusal })).resolves.toEqual(refused('malformed'))
    warned.mockRestore()
  })

  it('rejects when the store did not answer, which says nothing about the token', async () => {
    const { tokens, secret, outage } = await issued()
    outage.error = new Error('connection lost')
    await expect(authenticateRequest(tokens, bearer(secret))).rejects.toThrow(StoreError)
    await expect(authenticateRequest(tokens, {})).resolves.toEqual(refused('missing'))
  })
})
