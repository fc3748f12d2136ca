import { describe, expect, it } from 'vitest'
import { readCarriers } from './read-carriers.ts'

const QUERY = 'access_token=from-query&page=2'
const FORM = { access_token: 'from-form' }

describe('readCarriers', () => {
  it('reads none that is not switched on', () => {
    expect(readCarriers({}, QUERY, FORM)).toEqual([])
    expect(readCarriers({ query: false, form: false }, QUERY, FORM)).toEqual([])
  })

  it('reads the query parameter (RFC 6750 §2.3)', () => {
    expect(readCarriers({ query: true }, QUERY, FORM)).toEqual(['from-query'])
    expect(readCarriers({ query: true }, 'access_token=a%2Bb', undefined)).toEqual(['a+b'])
    expect(readCarriers({ query: true }, 'page=2', undefined)).toEqual([])
  })

  it('reads the form field (RFC 6750 §2.2)', () => {
    expect(readCarriers({ form: true }, QUERY, FORM)).toEqual(['from-form'])
  })

  it('reads every occurrence, so that more than one can be refused', () => {
    expect(readCarriers({ query: true }, 'access_token=a&access_token=b', undefined)).toEqual(['a', 'b'])
    expect(readCarriers({ form: true }, '', { access_token: ['a', 'b'] })).toEqual(['a', 'b'])
    expect(readCarriers({ query: true, form: true }, QUERY, FORM)).toEqual(['from-query', 'from-form'])
  })

  it('counts an empty one as presented', () => {
    expect(readCarriers({ query: true }, 'access_token=', undefined)).toEqual([''])
    expect(readCarriers({ query: true }, 'access_token', undefined)).toEqual([''])
  })

  it('does not take bracket parameters or other names for it', () => {
    expect(readCarriers({ query: true }, 'access_token[]=a&access_token[x]=b&ACCESS_TOKEN=c', undefined)).toEqual([])
  })
})
