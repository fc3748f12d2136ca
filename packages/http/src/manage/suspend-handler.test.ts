import { describe, expect, it } from 'vitest'
import { OWNER, openApi } from '../../testing/open-api.ts'
import { plain } from '../dialects/plain.ts'

const CI = { owner: OWNER, name: 'CI', scopes: [] }

describe('suspendHandler and resumeHandler', () => {
  it('refuse a token for a while', async () => {
    const { call, tokens } = openApi(plain)
    const { token, secret } = await tokens.issue(CI)
    await expect(call('POST', `/${token.id}/suspend`)).resolves.toMatchObject({
      status: 200,
      json: { token: { id: token.id, status: 'suspended' } },
    })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'suspended' })
    await expect(call('POST', `/${token.id}/resume`)).resolves.toMatchObject({ json: { token: { status: 'active' } } })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
  })

  it('leave a token as it is that is so already', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    for (const [action, status] of [
      ['resume', 'active'],
      ['suspend', 'suspended'],
      ['suspend', 'suspended'],
    ])
      await expect(call('POST', `/${token.id}/${action}`)).resolves.toMatchObject({
        status: 200,
        json: { token: { status } },
      })
  })

  it.each(['suspend', 'resume'])('do not %s a revoked token', async (action) => {
    const { call, tokens } = openApi(plain)
    const { token, secret } = await tokens.issue(CI)
    await tokens.revoke(OWNER, token.id)
    await expect(call('POST', `/${token.id}/${action}`)).resolves.toMatchObject({
      status: 409,
      json: { error: { code: 'INVALID_TRANSITION', details: {} } },
    })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
  })

  it.each(['suspend', 'resume'])('take no fields that would have no effect: %s', async (action) => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    await expect(call('POST', `/${token.id}/${action}`, { json: {} })).resolves.toMatchObject({ status: 200 })
    await expect(
      call('POST', `/${token.id}/${action}`, { json: { until: '2030-01-31T00:00:00Z' } }),
    ).resolves.toMatchObject({ status: 400, json: { error: { message: 'The body has a field where it takes none' } } })
  })
})
