import { describe, expect, it } from 'vitest'
import { readEdit } from './read-edit.ts'

const plain = { expiryField: 'expiresAt' }
const snake = { expiryField: 'expires_at' }

describe('readEdit', () => {
  it.each([{ name: 'CI' }, { scopes: [] }, { name: 'CI', scopes: ['jobs:read'] }])('reads %j', (body) => {
    expect(readEdit(body, plain)).toEqual({ ...body, expiresAt: undefined, networks: undefined })
  })

  it('reads an expiry under the name of the dialect, and networks', () => {
    const expires_at = '2030-01-31T00:00:00Z'
    expect(readEdit({ expires_at }, snake)).toEqual({ expiresAt: new Date(expires_at), networks: undefined })
    expect(readEdit({ expiresAt: null, networks: null }, plain)).toEqual({ expiresAt: null, networks: null })
    expect(readEdit({ networks: ['192.0.2.7'] }, plain)).toMatchObject({ networks: ['192.0.2.7'] })
    expect(() => readEdit({ expires_at }, plain)).toThrow('beside name, scopes, expiresAt, networks')
  })

  it('misses something to change, also where the body only inherits it', () => {
    const missing = expect.objectContaining({
      code: 'missing_parameter',
      message: 'one of name, scopes, expiresAt, networks is required',
    })
    expect(() => readEdit({}, plain)).toThrow(missing)
    expect(() => readEdit(Object.create({ name: 'CI' }), plain)).toThrow(missing)
  })

  it.each([
    { name: null },
    { name: 7 },
    { scopes: null },
    { scopes: 'a' },
    { scopes: [1] },
    { expiresAt: 'tomorrow' },
    { expiresAt: undefined },
    { networks: '192.0.2.7' },
    { networks: [1] },
    { name: 'CI', expires_at: null },
  ])('refuses %j', (body) => {
    expect(() => readEdit(body, plain)).toThrow(expect.objectContaining({ code: 'invalid_parameter' }))
  })
})
