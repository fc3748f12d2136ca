import { describe, expect, it } from 'vitest'
import { checkOptions, hasMethods, isBoolean, isFunction, isString } from './check-options.ts'

const RULES = {
  keyPrefix: { right: 'a string', test: isString, required: true },
  verbose: { right: 'a boolean', test: isBoolean },
}

function check(options: unknown): () => void {
  return () => checkOptions('redisStore', options as object, RULES)
}

describe('checkOptions', () => {
  it('accepts what the rules describe, where undefined stands for left out', () => {
    expect(check({ keyPrefix: 'a' })).not.toThrow()
    expect(check({ keyPrefix: 'a', verbose: true })).not.toThrow()
    expect(check({ keyPrefix: 'a', verbose: undefined })).not.toThrow()
  })

  it.each([
    ['no options', undefined, 'redisStore: options must be an object, got undefined'],
    ['null', null, 'redisStore: options must be an object, got null'],
    ['a text', 'keyPrefix', 'redisStore: options must be an object, got a value of type string'],
    ['a list', ['keyPrefix'], 'redisStore: options must be an object, got an array'],
    ['a set', new Set(), 'redisStore: options must be an object, got a Set'],
    ['a promise', Promise.resolve({ keyPrefix: 'a' }), 'redisStore: options must be an object, got a Promise'],
    ['a missing option', {}, 'redisStore: option "keyPrefix" must be a string, got undefined'],
    ['a wrong type', { keyPrefix: 7 }, 'redisStore: option "keyPrefix" must be a string, got a value of type number'],
    ['null for a value', { keyPrefix: null }, 'redisStore: option "keyPrefix" must be a string, got null'],
    ['an array', { keyPrefix: ['a'] }, 'redisStore: option "keyPrefix" must be a string, got an array'],
    [
      'an unknown option',
      { keyPrefix: 'a', verbos: true },
      'redisStore: unknown option "verbos"; the options are keyPrefix, verbose',
    ],
    [
      'a name that every object has',
      { keyPrefix: 'a', constructor: true },
      'redisStore: unknown option "constructor"; the options are keyPrefix, verbose',
    ],
  ])('names the option and what would be right: %s', (_, options, message) => {
    expect(check(options)).toThrow(new TypeError(message))
  })

  it('never shows a value', () => {
    expect(check({ keyPrefix: 'a', verbose: 'hunter2' })).toThrow(
      new TypeError('redisStore: option "verbose" must be a boolean, got a value of type string'),
    )
  })
})

describe('hasMethods', () => {
  it('wants every method, own or inherited', () => {
    expect(hasMethods({ get: () => 1, set: () => 2 }, ['get', 'set'])).toBe(true)
    expect(hasMethods(new Map(), ['get', 'set'])).toBe(true)
    expect(hasMethods({ get: () => 1, set: 2 }, ['get', 'set'])).toBe(false)
    expect(hasMethods({ get: () => 1 }, ['get', 'set'])).toBe(false)
  })

  it('takes nothing that is not an object', () => {
    expect([null, undefined, 'text', 7].filter((value) => hasMethods(value, []))).toEqual([])
  })
})

describe('isString, isFunction and isBoolean', () => {
  it('distinguish types', () => {
    const values: unknown[] = ['', () => {}, false, 0, null, undefined, {}]
    expect(values.map((value) => [isString(value), isFunction(value), isBoolean(value)])).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
      ...Array.from({ length: 4 }, () => [false, false, false]),
    ])
  })
})
