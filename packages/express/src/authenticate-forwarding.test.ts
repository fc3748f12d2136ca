import { plain } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { openGuarded } from '../testing/open-guarded.ts'
import { bearer } from '../testing/open-tokens.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'

describe('authenticate: forwardErrors', () => {
  const openForwarding = (options: AuthenticateOptions = {}) => openGuarded({ forwardErrors: true, ...options })

  it('hands the app an error with status, headers and code', async () => {
    const { ask, errors } = await openForwarding({ dialect: plain })
    await expect(ask('GET', '/handled')).resolves.toMatchObject({ json: { caught: 'A bearer token is required.' } })
    expect(errors).toMatchObject([
      { status: 401, code: 'unauthenticated', headers: { 'WWW-Authenticate': 'Bearer realm="api"' } },
    ])
    expect(errors[0]).toBeInstanceOf(Error)
  })

  it('lets Express itself answer with that status and those headers', async () => {
    const { ask } = await openForwarding()
    await expect(ask('GET', '/')).resolves.toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="api"' },
    })
  })

  it('hands on a store failure as 503', async () => {
    const reported: Error[] = []
    const { ask, errors, outage, secret } = await openForwarding({ onError: (error) => void reported.push(error) })
    outage.error = new Error('connection lost')
    await ask('GET', '/handled', { headers: bearer(secret) })
    expect(errors).toMatchObject([{ status: 503, code: 'unavailable', headers: { 'Retry-After': '1' } }])
    expect(reported).toHaveLength(1)
  })
})
