import { describe, expect, it } from 'vitest'
import { fieldValues } from './field-values.ts'

describe('fieldValues', () => {
  it.each([undefined, null, 'token=a', 7, []])('finds nothing in %j, which is no parsed form', (form) => {
    expect(fieldValues(form, 'token')).toEqual([])
  })

  it('finds nothing that the form only inherits', () => {
    expect(fieldValues({}, 'toString')).toEqual([])
    expect(fieldValues({}, '__proto__')).toEqual([])
    expect(fieldValues(Object.create({ token: 'a' }), 'token')).toEqual([])
  })

  it('finds the field in a form without a prototype', () => {
    expect(fieldValues(Object.assign(Object.create(null), { token: 'a' }), 'token')).toEqual(['a'])
  })

  it('gives an empty text for a value that is no text, which is presented but never a secret', () => {
    expect(fieldValues({ token: { nested: 'a' } }, 'token')).toEqual([''])
    expect(fieldValues({ token: ['a', { nested: 'b' }] }, 'token')).toEqual(['a', ''])
  })
})
