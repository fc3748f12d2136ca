import { describe, expect, it } from 'vitest'
import { requestOf } from '../../testing/request.ts'
import { unavailable } from '../message/problem.ts'
import { Problem } from '../message/problem.ts'
import { requireClient, writeClientError } from './require-client.ts'
import type { FindClient } from './require-client.ts'

const CLIENT = { id: 'api', name: 'The API' }
const BASIC = `Basic ${Buffer.from('api:secret').toString('base64')}`
const noForm = () => []

const call = <Client extends { id: string }>(find: FindClient<Client>, authorization?: string) =>
  requireClient(
    requestOf({ headers: authorization === undefined ? {} : { authorization: [authorization] } }),
    noForm,
    find,
  )

describe('requireClient', () => {
  it('gives the client that the app finds for the credentials', async () => {
    const asked: unknown[] = []
    const found = await call((credentials) => {
      asked.push(credentials)
      return CLIENT
    }, BASIC)
    expect(found).toBe(CLIENT)
    expect(asked).toEqual([{ method: 'client_secret_basic', id: 'api', secret: 'secret' }])
    expect(await call(async () => CLIENT, 'Bearer x')).toBe(CLIENT)
  })

  it.each([
    ['Basic', BASIC],
    ['an unreadable Basic', 'Basic x:y'],
    ['no credentials', undefined],
  ])('challenges for Basic where nobody is found for %s (RFC 6749 §5.2)', async (_, authorization) => {
    await expect(call(() => null, authorization)).rejects.toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Basic realm="oauth", charset="UTF-8"' },
    })
  })

  it('challenges for Bearer where the token is nobody’s (RFC 7662 §2.3)', async () => {
    await expect(call(() => null, 'Bearer x')).rejects.toMatchObject({
      code: 'invalid_token',
      headers: { 'WWW-Authenticate': expect.stringMatching(/^Bearer error="invalid_token"/) },
    })
  })

  it('does not ask the app where no credentials can be read', async () => {
    const find = () => CLIENT
    await expect(call(find)).rejects.toMatchObject({ status: 401 })
    await expect(call(find, 'Digest x')).rejects.toMatchObject({ status: 401 })
  })

  it.each([undefined, null, true, 'api', {}, { ok: false, reason: 'revoked' }, { ok: true, token: {} }])(
    'lets nobody in whom the app answers with %j',
    async (answer) => {
      const find = () => answer as { id: string }
      await expect(call(find, BASIC)).rejects.toMatchObject({ status: 401 })
    },
  )

  it('passes on what the app throws', async () => {
    const fault = new Error('the table of clients is gone')
    await expect(call(() => Promise.reject(fault), BASIC)).rejects.toBe(fault)
  })
})

describe('writeClientError', () => {
  it('calls a client that is not authenticated invalid_client, and leaves the rest as it is', () => {
    const unauthenticated = new Problem('unauthenticated', 'Words.')
    expect(writeClientError(unauthenticated)).toEqual({ error: 'invalid_client', error_description: 'Words.' })
    expect(writeClientError(unavailable())).toMatchObject({ error: 'temporarily_unavailable' })
    expect(writeClientError(new Problem('invalid_token', 'Words.'))).toMatchObject({ error: 'invalid_token' })
  })
})
