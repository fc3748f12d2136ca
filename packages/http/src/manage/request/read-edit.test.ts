import { describe, expect, it } from 'vitest'
import { readEdit } from './read-edit.ts'

describe('readEdit', () => {
  it.each([{ name: 'CI' }, { scopes: [] }, { name: 'CI', scopes: ['jobs:read'] }])('reads %j', (body) => {
    expect(readEdit(body)).toEqual(body)
  })

  it('misses something to change, also where the body only inherits it', () => {
    const missing = expect.objectContaining({ code: 'missing_parameter', message: 'name or scopes is required' })
    expect(() => readEdit({})).toThrow(missing)
    expect(() => readEdit(Object.create({ name: 'CI' }))).toThrow(missing)
  })

  it.each([
    { name: null },
    { name: 7 },
    { scopes: null },
    { scopes: 'a' },
    { scopes: [1] },
    { name: 'CI', expiresAt: null },
  ])('refuses %j', (body) => {
    expect(() => readEdit(body)).toThrow(expect.objectContaining({ code: 'invalid_parameter' }))
  })
})
