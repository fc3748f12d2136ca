import { checkOptions } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { checkRouteScopes, namedScopes, requirementsOf, routeScopesRules } from './route-scopes.ts'

const NOBODY = { anyScope: [] }

describe('requirementsOf', () => {
  it('asks for the scopes that are named', () => {
    for (const named of [{}, { scopes: ['a:b'] }, { anyScope: ['a:b'] }, { scopes: ['a:b'], anyScope: ['c:d'] }])
      expect(requirementsOf(named)).toEqual(named)
    expect(requirementsOf({ scopes: ['a:b'], scopeRequired: true })).toEqual({ scopes: ['a:b'] })
    expect(requirementsOf({ anyScope: ['a:b'], scopeRequired: false })).toEqual({ anyScope: ['a:b'] })
  })

  it('can be met by no token, if a scope has to be named and none is', () => {
    for (const unnamed of [{}, { scopes: [] }, { anyScope: [] }, { scopes: [], anyScope: [] }])
      expect(requirementsOf({ ...unnamed, scopeRequired: true })).toMatchObject(NOBODY)
    expect(requirementsOf({ ip: '192.0.2.7', scopeRequired: true })).toMatchObject({ ip: '192.0.2.7' })
    expect(requirementsOf({ scopeRequired: false })).not.toHaveProperty('anyScope')
  })
})

describe('checkRouteScopes', () => {
  it('refuses scopes that are given and are not there', () => {
    expect(() => checkRouteScopes('factory', {})).not.toThrow()
    expect(() => checkRouteScopes('factory', { scopes: ['a:b'] })).not.toThrow()
    for (const name of ['scopes', 'anyScope']) {
      const build = () => checkRouteScopes('factory', { [name]: undefined })
      expect(build).toThrow(TypeError)
      expect(build).toThrow(`factory: option "${name}" must be a list of at least one scope`)
    }
  })
})

describe('namedScopes', () => {
  it('names all that are asked for, and nothing else', () => {
    expect(namedScopes({})).toEqual([])
    expect(namedScopes({ scopes: ['a:b'], anyScope: ['c:d', 'e:f'] })).toEqual(['a:b', 'c:d', 'e:f'])
  })
})

describe('routeScopesRules', () => {
  const check = (options: object) => () => checkOptions('factory', options, routeScopesRules)

  it('take lists of scopes', () => {
    expect(check({ scopes: ['a:b'], anyScope: ['c:d'], scopeRequired: true })).not.toThrow()
  })

  it.each([
    ['scopes', []],
    ['scopes', 'a:b'],
    ['scopes', ['a b']],
    ['scopes', [7]],
    ['anyScope', []],
    ['anyScope', null],
    ['scopeRequired', 'yes'],
  ])('refuse a wrong value, also one that would ask for nothing: %s', (name, value) => {
    expect(check({ [name]: value })).toThrow(`option "${name}" must be`)
  })
})
