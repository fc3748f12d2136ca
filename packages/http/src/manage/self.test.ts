import type { Token, Tokens } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { everyDialect } from '../../testing/every-dialect.ts'
import { OWNER, PERSON, openApi } from '../../testing/open-api.ts'
import { plain } from '../dialects/plain.ts'

const CI = { owner: OWNER, name: 'CI', scopes: ['tokens:read', 'tokens:write'] }

async function callingToken(tokens: Tokens): Promise<{ token: Token; headers: Record<string, string[]> }> {
  const { token, secret } = await tokens.issue(CI)
  return { token, headers: { authorization: [`Bearer ${secret}`] } }
}

describe('self in a path', () => {
  it('is the calling token, to show, to change and to end', async () => {
    const { call, tokens } = openApi(plain)
    const { token: caller, headers } = await callingToken(tokens)
    const ask = (method: string, path: string, json?: unknown) =>
      call(method, path, { caller, headers, ...(json !== undefined && { json }) })
    await expect(ask('GET', '/self')).resolves.toMatchObject({ status: 200, json: { token: { id: caller.id } } })
    await expect(ask('PATCH', '/self', { name: 'CD' })).resolves.toMatchObject({ json: { token: { name: 'CD' } } })
    const rotated = await ask('POST', '/self/rotate')
    expect(rotated).toMatchObject({ status: 201, json: { secret: expect.stringMatching(/^ot_pat_/) } })
    await expect(ask('POST', '/self/rotate')).resolves.toMatchObject({ headers: { 'Idempotent-Replayed': 'true' } })
    await expect(ask('DELETE', '/self')).resolves.toMatchObject({
      json: { token: { id: caller.id, status: 'revoked' } },
    })
  })

  it('is answered as the id is', async () => {
    const { call, tokens } = openApi(plain)
    const { token: caller, headers } = await callingToken(tokens)
    const byId = await call('GET', `/${caller.id}`, { caller, headers })
    await expect(call('GET', '/self', { caller, headers })).resolves.toEqual(byId)
    await expect(call('GET', '/Self', { caller, headers })).resolves.toMatchObject({ status: 404 })
  })

  it.each(everyDialect)('is nothing for a person: $name', async ({ dialect }) => {
    const { call } = openApi(dialect)
    for (const caller of [PERSON, () => PERSON]) {
      const unknown = await call('GET', '/no-id', { caller })
      await expect(call('GET', '/self', { caller })).resolves.toEqual(unknown)
      await expect(call('DELETE', '/self', { caller })).resolves.toMatchObject({ status: 404 })
    }
  })
})
