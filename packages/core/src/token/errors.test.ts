import { describe, expect, it } from 'vitest'
import { BrandedError, StoreError, TokenError, invalidParameter } from './errors.ts'

describe('TokenError', () => {
  it('is an Error with a code and the details of it', () => {
    const error = new TokenError('active_limit_reached', 'too many', { limit: 25, active: 25 })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'TokenError',
      code: 'active_limit_reached',
      details: { limit: 25, active: 25 },
    })
    expect(String(error)).toBe('TokenError: too many')
  })

  it('has empty details where there is nothing to say', () => {
    expect(new TokenError('token_not_found', 'none').details).toEqual({})
  })
})

describe('BrandedError', () => {
  class OtherCopy extends BrandedError {
    static override readonly brand: symbol = Symbol.for('tessera.TokenError')
  }
  class OfTheApp extends TokenError {}

  it('is told by its brand, from whichever copy of the package it is', () => {
    expect(new OtherCopy('too many') instanceof TokenError).toBe(true)
    expect(new OtherCopy('too many') instanceof StoreError).toBe(false)
    expect(new OtherCopy('too many') instanceof BrandedError).toBe(true)
  })

  it('is told by its class where that has no brand of its own', () => {
    const error = new TokenError('forbidden', 'no')
    expect(new OfTheApp('forbidden', 'no') instanceof TokenError).toBe(true)
    expect(error instanceof OfTheApp).toBe(false)
  })

  it('is no other value', () => {
    const others: unknown[] = [null, undefined, 1, {}, new Error('other'), { constructor: TokenError }]
    expect(others.filter((value) => value instanceof TokenError)).toEqual([])
  })
})

describe('invalidParameter', () => {
  it('names the parameter, and what would be right', () => {
    expect(invalidParameter('name', 'shorter')).toMatchObject({
      code: 'invalid_parameter',
      message: 'name must be shorter',
      details: { parameter: 'name' },
    })
  })
})

describe('StoreError', () => {
  it('names the operation and its cause', () => {
    const cause = new Error('ECONNREFUSED')
    const error = new StoreError('insert a token', cause)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'StoreError', code: 'store_unavailable', cause })
    expect(error.message).toBe('the token store failed to insert a token: ECONNREFUSED')
  })

  it('distinguishes a store that is full', () => {
    expect(new StoreError('insert a token', new Error('OOM'), 'store_full').code).toBe('store_full')
  })

  it('does not show a cause that is no Error', () => {
    const error = new StoreError('prune', 'some text')
    expect(error.message).toBe('the token store failed to prune: unknown cause')
    expect(error.cause).toBe('some text')
  })
})
