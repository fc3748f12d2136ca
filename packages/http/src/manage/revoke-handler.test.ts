import type { TokenEvent } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import { paged } from '../dialects/paged.ts'
import { plain } from '../dialects/plain.ts'

const CI = { owner: OWNER, name: 'CI', scopes: [] }

describe('revokeHandler', () => {
  it('revokes a token at once and answers its record', async () => {
    const { call, tokens, clock } = openApi(plain)
    const { token, secret } = await tokens.issue(CI)
    await expect(call('DELETE', `/${token.id}`)).resolves.toMatchObject({
      status: 200,
      json: { token: { status: 'revoked', revokedAt: new Date(clock.now).toISOString() } },
    })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
  })

  it('changes no other field', async () => {
    const { call, tokens, clock } = openApi(plain)
    const { token, secret } = await tokens.issue({ ...CI, expiresAt: new Date(clock.now + 60_000) })
    await tokens.verify(secret)
    await tokens.flush()
    const before = await call('GET', `/${token.id}`)
    clock.now += 1000
    const after = await call('DELETE', `/${token.id}`)
    const { token: record } = before.json as { token: object }
    const revoked = { status: 'revoked', revokedAt: new Date(clock.now).toISOString() }
    expect(after.json).toEqual({ token: { ...record, ...revoked } })
  })

  it('revokes the token that the request is made with', async () => {
    const { call, tokens } = openApi(plain)
    const { token: caller, secret } = await tokens.issue(CI)
    await expect(call('DELETE', `/${caller.id}`, { caller })).resolves.toMatchObject({ status: 200 })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: false })
  })

  it('names in the events who revokes', async () => {
    const published: TokenEvent[] = []
    const { call, tokens } = openApi(plain, { onEvent: (event) => published.push(event) })
    const { token } = await tokens.issue(CI)
    await call('DELETE', `/${token.id}`, { caller: { owner: OWNER, scopes: null, createdBy: 'ada@acme.test' } })
    await tokens.close()
    expect(published.at(-1)).toMatchObject({ type: 'revoked', tokenId: token.id, by: 'ada@acme.test' })
  })

  it('makes an expired or suspended token revoked', async () => {
    const { call, tokens, clock } = openApi(plain)
    const expired = await tokens.issue({ ...CI, expiresAt: new Date(clock.now + 1) })
    const suspended = await tokens.issue(CI)
    await tokens.suspend(OWNER, suspended.token.id)
    clock.now += 1
    for (const { token } of [expired, suspended]) {
      await expect(call('DELETE', `/${token.id}`)).resolves.toMatchObject({ json: { token: { status: 'revoked' } } })
    }
  })

  it('leaves another owner’s token as it is', async () => {
    const { call, tokens } = openApi(plain)
    const { token, secret } = await tokens.issue({ ...CI, owner: OTHER_OWNER })
    await expect(call('DELETE', `/${token.id}`)).resolves.toMatchObject({
      status: 404,
      json: { error: { details: { tokenId: token.id } } },
    })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
  })

  it('needs the scope for writing where the dialect says so', async () => {
    const { call, tokens } = openApi(paged)
    const { token } = await tokens.issue(CI)
    const asking = (scopes: string[]) => call('DELETE', `/${token.id}`, { caller: { owner: OWNER, scopes } })
    await expect(asking(['tokens:read'])).resolves.toMatchObject({ status: 403 })
    await expect(asking(['tokens:write'])).resolves.toMatchObject({ status: 200 })
  })

  it('ends the unused successor of the token of the request, and that of no other token', async () => {
    const { call, tokens } = openApi(plain)
    for (const isOwn of [true, false]) {
      const { token, secret } = await tokens.issue(CI)
      const successor = await tokens.rotateSecret(secret)
      const other = await tokens.issue(CI)
      const own = { caller: token, headers: { authorization: [`Bearer ${secret}`] } }
      await call('DELETE', `/${token.id}`, isOwn ? own : { caller: other.token })
      const found = await tokens.introspect(successor?.secret ?? '')
      expect(found?.id ?? null).toBe(isOwn ? null : successor?.token.id)
    }
  })

  it('does not read a body', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const headers = { 'content-type': ['text/plain'], 'content-length': ['99999999'] }
    await expect(call('DELETE', `/${token.id}`, { headers })).resolves.toMatchObject({ status: 200 })
  })
})
