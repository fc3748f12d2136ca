import { describe, expect, it } from 'vitest'
import type { ClientCredentials } from './client-credentials.ts'
import { clientSecrets } from './client-secrets.ts'

const OLD = 'an old secret of 29 characters'
const NEW = 'a new secret of more characters'

const presented = (id: string, secret: string): ClientCredentials => ({ method: 'client_secret_post', id, secret })

describe('clientSecrets', () => {
  it('finds the client whose secret is presented, by either method', () => {
    const find = clientSecrets({ api: OLD, __proto__x: NEW })
    expect(find(presented('api', OLD))).toEqual({ id: 'api' })
    expect(find({ method: 'client_secret_basic', id: '__proto__x', secret: NEW })).toEqual({ id: '__proto__x' })
  })

  it('finds nobody for another secret, another id, or a bearer token', () => {
    const find = clientSecrets({ api: OLD, other: NEW })
    for (const credentials of [
      presented('api', NEW),
      presented('api', ''),
      presented('api', `${OLD} `),
      presented('other', OLD),
      presented('unknown', OLD),
      presented('constructor', OLD),
      { method: 'Bearer', secret: OLD } as const,
    ])
      expect(find(credentials)).toBeNull()
  })

  it('takes every secret of a list, while one replaces the other', () => {
    const find = clientSecrets({ api: [OLD, NEW] })
    for (const secret of [OLD, NEW]) expect(find(presented('api', secret))).toEqual({ id: 'api' })
    expect(find(presented('api', 'an old secret of 31 characters'))).toBeNull()
  })

  it('gives nobody a client to change for others', () => {
    const find = clientSecrets({ api: OLD })
    Reflect.set(Object(find(presented('api', OLD))), 'id', 'another')
    expect(find(presented('api', OLD))).toEqual({ id: 'api' })
  })

  it.each([
    ['undefined', { api: undefined }],
    ['a short text', { api: 'x'.repeat(15) }],
    ['an empty list', { api: [] }],
    ['a list with a short one', { api: [OLD, 'short'] }],
  ])('refuses to be built with %s as a secret, and names the client', (_, secrets) => {
    expect(() => clientSecrets(secrets)).toThrow(TypeError)
    expect(() => clientSecrets(secrets)).toThrow('clientSecrets: the secret of "api" must be')
  })

  it('refuses to be built without a client', () => {
    expect(() => clientSecrets({})).toThrow(new TypeError('clientSecrets: give at least one client'))
    expect(() => clientSecrets({ '': OLD })).toThrow(TypeError)
  })
})
