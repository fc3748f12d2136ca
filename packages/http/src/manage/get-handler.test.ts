import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import { paged } from '../dialects/paged.ts'
import { plain } from '../dialects/plain.ts'

describe('getHandler', () => {
  it('answers one of the caller’s tokens, whatever its status', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: ['jobs:read'] })
    await expect(call('GET', `/${token.id}`)).resolves.toMatchObject({
      status: 200,
      json: { token: { id: token.id, status: 'active' } },
    })
    await tokens.revoke(OWNER, token.id)
    await expect(call('GET', `/${token.id}/`)).resolves.toMatchObject({ json: { token: { status: 'revoked' } } })
  })

  it('does not find another owner’s token, and repeats the id that was asked for', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue({ owner: OTHER_OWNER, name: 'CI', scopes: [] })
    await expect(call('GET', `/${token.id}`)).resolves.toMatchObject({
      status: 404,
      json: { error: { code: 'NOT_FOUND', details: { tokenId: token.id } } },
    })
  })

  it('needs the scope for reading where the dialect says so', async () => {
    const { call, tokens } = openApi(paged)
    const { token } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: [] })
    const asking = (scopes: string[]) => call('GET', `/${token.id}`, { caller: { owner: OWNER, scopes } })
    await expect(asking(['tokens:write'])).resolves.toMatchObject({ status: 403 })
    await expect(asking(['tokens:read'])).resolves.toMatchObject({ status: 200 })
  })
})
