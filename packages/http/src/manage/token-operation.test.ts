import type { TokenEvent, TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { everyDialect } from '../../testing/every-dialect.ts'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import type { RequestFacts } from '../../testing/request.ts'
import { paged } from '../dialects/paged.ts'
import { plain } from '../dialects/plain.ts'

const CI = { owner: OWNER, name: 'CI', scopes: [] }
const KEY: RequestFacts = { headers: { 'idempotency-key': ['a'] } }

/** Every change of one token: what is asked, and what is another request of the same kind. */
const CHANGES: readonly [method: string, action: string, json?: unknown, other?: unknown][] = [
  ['DELETE', ''],
  ['PATCH', '', { name: 'CD' }, { name: 'CE' }],
  ['POST', '/suspend'],
  ['POST', '/resume'],
  ['POST', '/rotate', { overlapSeconds: 1 }, { overlapSeconds: 2 }],
]

describe.each(CHANGES)('%s /{id}%s', (method, action, json, other) => {
  const asked = json === undefined ? {} : { json }

  it('is answered again under its key as it was, and marked', async () => {
    const { call, tokens, clock } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const first = await call(method, `/${token.id}${action}`, { ...asked, ...KEY })
    clock.now += 1
    await tokens.revoke(OWNER, token.id)
    const replay = await call(method, `/${token.id}${action}`, { ...asked, ...KEY })
    const { secret, ...record } = first.json as { secret?: string }
    expect(replay).toMatchObject({ status: first.status, headers: { 'Idempotent-Replayed': 'true' } })
    expect(replay.json).toEqual(record)
    expect(secret === undefined).toBe(action !== '/rotate')
    expect(first.headers).not.toHaveProperty('Idempotent-Replayed')
  })

  it('conflicts under a key that another request was made with', async () => {
    const { call, tokens } = openApi(plain)
    const [{ token }, { token: another }] = [await tokens.issue(CI), await tokens.issue(CI)]
    await call(method, `/${token.id}${action}`, { ...asked, ...KEY })
    const conflict = { status: 409, json: { error: { code: 'IDEMPOTENCY_CONFLICT' } } }
    await expect(call(method, `/${another.id}${action}`, { ...asked, ...KEY })).resolves.toMatchObject(conflict)
    await expect(call('POST', '/', { json: { name: 'CI', scopes: [] }, ...KEY })).resolves.toMatchObject(conflict)
    if (other === undefined) return
    await expect(call(method, `/${token.id}${action}`, { json: other, ...KEY })).resolves.toMatchObject(conflict)
  })

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256)])('refuses the key %j', async (key) => {
    const { call, tokens } = openApi(paged)
    const { token } = await tokens.issue(CI)
    const answer = await call(method, `/${token.id}${action}`, {
      ...(action === '/rotate' ? {} : asked),
      headers: { 'idempotency-key': [key] },
    })
    expect(answer).toMatchObject({ status: 400, json: { error: { field: 'Idempotency-Key' } } })
    await expect(tokens.get(OWNER, token.id)).resolves.toEqual(token)
  })

  it('needs the scope for writing where the dialect says so', async () => {
    const { call, tokens } = openApi(paged)
    const { token } = await tokens.issue(CI)
    const body = action === '/rotate' ? {} : asked
    const asking = (scopes: string[]) =>
      call(method, `/${token.id}${action}`, { ...body, caller: { owner: OWNER, scopes } })
    const lacking = { status: 403, headers: { 'WWW-Authenticate': expect.stringContaining('scope="tokens:write"') } }
    await expect(asking(['tokens:read'])).resolves.toMatchObject(lacking)
    await expect(asking(['tokens:write'])).resolves.toMatchObject({ status: action === '/rotate' ? 201 : 200 })
  })

  it.each(everyDialect)('finds no token of another owner in $name', async ({ dialect, ids }) => {
    const { call, tokens } = openApi(dialect, { ids })
    const { token, secret } = await tokens.issue({ ...CI, owner: OTHER_OWNER })
    const body = action === '/rotate' ? {} : asked
    for (const id of [token.id, ids.generate(0)]) {
      const answer = await call(method, `/${id}${action}`, body)
      expect(answer).toMatchObject({ status: 404 })
      expect(answer.text).toMatch(/"not_found"|"NOT_FOUND"/)
    }
    const shapeless = await call(method, `/${secret}${action}`, body)
    expect(shapeless).toMatchObject({ status: 404 })
    expect(shapeless.text).not.toContain(secret)
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
  })

  it('answers 503 to the token itself if the store does not find it by its id, since it is there', async () => {
    const whole = memoryStore()
    const change: TokenStore['change'] = (owner, wants, decide) =>
      whole.change(owner, wants, (seen) => decide(wants.ids.length === 0 ? seen : { ...seen, records: new Map() }))
    const { call, tokens, reported } = openApi(plain, { store: { ...whole, change } })
    const { token, secret } = await tokens.issue(CI)
    const headers = { authorization: [`Bearer ${secret}`] }
    const itself = await call(method, `/${token.id}${action}`, { ...asked, caller: token, headers })
    expect(itself).toMatchObject({ status: 503, headers: { 'Retry-After': expect.any(String) } })
    expect(reported).toHaveLength(1)
    await expect(call(method, `/${token.id}${action}`, asked)).resolves.toMatchObject({ status: 404 })
  })

  it('names in the events who asks', async () => {
    const published: TokenEvent[] = []
    const { call, tokens } = openApi(plain, { onEvent: (event) => published.push(event) })
    const { token } = await tokens.issue(CI)
    const caller = { owner: OWNER, scopes: null, createdBy: 'ada@acme.test' }
    await call(method, `/${token.id}${action}`, { ...asked, caller })
    await tokens.close()
    expect(published.at(-1)).toMatchObject({ tokenId: token.id, by: 'ada@acme.test' })
  })

  it('answers 503 when the store does not, and never as if it were done', async () => {
    const { call, tokens, outage, reported } = openApi(plain)
    const { token } = await tokens.issue(CI)
    outage.error = new Error('connection lost')
    await expect(call(method, `/${token.id}${action}`, asked)).resolves.toMatchObject({ status: 503 })
    expect(reported).toHaveLength(1)
  })
})
