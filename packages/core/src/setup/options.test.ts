import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { timeOrderedIds } from '../token/ids.ts'
import { createTokens } from '../create-tokens.ts'
import type { TokensOptions } from './options.ts'

const PEPPER = 'a pepper of at least 32 characters'
const RIGHT: Readonly<Record<string, string>> = {
  store: 'a TokenStore, with the methods change, findByDigest, find, findById, list, recordUse, prune',
  prefix: 'a string that matches [a-z][a-z0-9_]{0,31}',
  retiredPrefixes: 'an array of strings that match [a-z][a-z0-9_]{0,31}',
  activeLimit: 'a positive integer, or null for no limit',
  scopes: 'an array of scopes, each 1 to 128 printable ASCII characters',
  wildcards: 'a boolean',
  ids: 'an IdFormat: generate and matches',
  pepper: 'at least 32 bytes or characters, or { current, upcoming, retired } of such',
  expiry: 'an object: { defaultMs, maxMs, slidingMs, required }',
  legacy: 'a legacyAuthenticator: matches and find',
  recordUseEveryMs: 'a number of milliseconds, 0 or more',
  now: 'a function that returns epoch milliseconds, a whole number',
  onEvent: 'a function',
  onError: 'a function',
  waitUntil: 'a function',
  defaultMs: 'a whole number of milliseconds, more than 0',
  maxMs: 'a whole number of milliseconds, more than 0',
  slidingMs: 'a whole number of milliseconds, at least 60,000',
  required: 'a boolean',
}

function build(options: Record<string, unknown>): () => unknown {
  const given: object = { store: memoryStore(), prefix: 'ot_pat', ...options }
  return () => createTokens(given as TokensOptions)
}

describe('createTokens', () => {
  it.each<[string, Record<string, unknown>]>([
    ['nothing else', {}],
    ['retired prefixes', { retiredPrefixes: ['old_pat', 'ot'] }],
    ['no retired prefixes', { retiredPrefixes: [] }],
    ['no limit', { activeLimit: null }],
    ['a limit of one', { activeLimit: 1 }],
    ['a catalogue', { scopes: ['jobs:read', 'jobs:write'] }],
    ['wildcards', { wildcards: true }],
    ['another format of ids', { ids: timeOrderedIds }],
    ['a pepper of text', { pepper: PEPPER }],
    ['a pepper of bytes', { pepper: new Uint8Array(32) }],
    ['a pepper that is being changed', { pepper: { current: PEPPER, retired: [new Uint8Array(32), null] } }],
    ['secrets of another system', { legacy: { matches: () => false, find: async () => null } }],
    ['no rules of expiry', { expiry: {} }],
    ['all rules of expiry', { expiry: { defaultMs: 1000, maxMs: 1000, required: true } }],
    ['an expiry that slides', { expiry: { slidingMs: 120_000, maxMs: 120_000 } }],
    ['one that slides in the least time', { recordUseEveryMs: 30_000, expiry: { slidingMs: 60_000, maxMs: 60_000 } }],
    ['every use recorded', { recordUseEveryMs: 0 }],
    ['a clock', { now: () => 0 }],
    ['an error handler', { onError: () => {} }],
    ['a hook for events', { onEvent: () => {} }],
    ['a way to wait', { waitUntil: () => {} }],
    ['undefined for left out', { activeLimit: undefined, pepper: undefined, expiry: undefined, now: undefined }],
  ])('accepts a store, a prefix and %s', (_, options) => {
    expect(build(options)).not.toThrow()
  })

  it.each<[string, string, unknown]>([
    ['store', 'nothing', undefined],
    ['store', 'null', null],
    ['store', 'a store without change', { ...memoryStore(), change: undefined }],
    ['prefix', 'nothing', undefined],
    ['prefix', 'a number', 7],
    ['prefix', 'upper case', 'OT_PAT'],
    ['prefix', 'an empty text', ''],
    ['activeLimit', 'zero', 0],
    ['activeLimit', 'a fraction', 1.5],
    ['activeLimit', 'NaN', Number.NaN],
    ['activeLimit', 'a text', '25'],
    ['scopes', 'a text', 'jobs:read'],
    ['scopes', 'a scope with a space', ['jobs:read', 'jobs write']],
    ['scopes', 'a number in the list', [7]],
    ['wildcards', 'a text', 'yes'],
    ['ids', 'a text', 'uuid'],
    ['ids', 'a format without matches', { generate: () => 'a' }],
    ['legacy', 'a function', () => {}],
    ['pepper', 'a short text', 'hunter2'],
    ['pepper', 'null', null],
    ['pepper', 'a ring of a short one', { current: 'hunter2' }],
    ['pepper', 'a ring with a short retired one', { current: PEPPER, retired: ['hunter2'] }],
    ['pepper', 'a ring with a short upcoming one', { current: PEPPER, upcoming: ['hunter2'] }],
    ['pepper', 'a ring with a misspelt name', { current: PEPPER, retierd: ['hunter2'] }],
    ['expiry', 'a number', 1000],
    ['expiry', 'null', null],
    ['retiredPrefixes', 'a text', 'old_pat'],
    ['retiredPrefixes', 'null', null],
    ['retiredPrefixes', 'what is no prefix', ['old_pat', 'Old']],
    ['retiredPrefixes', 'a number', ['old_pat', 1]],
    ['recordUseEveryMs', 'a negative number', -1],
    ['recordUseEveryMs', 'infinity', Number.POSITIVE_INFINITY],
    ['recordUseEveryMs', 'a text', '60'],
    ['now', 'an instant', 0],
    ['now', 'a function that returns a date', () => new Date(0)],
    ['now', 'a function that returns fractions', () => 0.5],
    ['onEvent', 'a text', 'log'],
    ['onError', 'a text', 'log'],
  ])('refuses as %s: %s', (name, _, value) => {
    expect(build({ [name]: value })).toThrow(
      new TypeError(`createTokens: option "${name}" must be ${RIGHT[name]}, got ${kindOf(value)}`),
    )
  })

  it.each([
    ['current and retired', { current: PEPPER, retired: [PEPPER] }],
    ['current and upcoming, once as bytes', { current: PEPPER, upcoming: [Buffer.from(PEPPER)] }],
    ['upcoming and retired', { current: PEPPER, upcoming: [null], retired: [null] }],
  ])('refuses a pepper that is %s', (_, pepper) => {
    expect(build({ pepper })).toThrow(
      new TypeError('createTokens: option "pepper" must not hold a pepper twice, in current, upcoming or retired'),
    )
  })

  it('refuses a retired prefix that is the current one, or that stands there twice', () => {
    const current = 'createTokens: option "retiredPrefixes" must not hold the option "prefix"'
    expect(build({ retiredPrefixes: ['old_pat', 'ot_pat'] })).toThrow(new TypeError(current))
    const twice = 'createTokens: option "retiredPrefixes" must not hold a prefix twice'
    expect(build({ retiredPrefixes: ['old_pat', 'older', 'old_pat'] })).toThrow(new TypeError(twice))
  })

  it.each<[string, string, unknown]>([
    ['defaultMs', 'zero', 0],
    ['defaultMs', 'more than can be counted', Number.MAX_VALUE],
    ['maxMs', 'a negative number', -1],
    ['maxMs', 'a text', '30d'],
    ['slidingMs', 'less than a minute', 59_999],
    ['slidingMs', 'a fraction', 60_000.5],
    ['required', 'a number', 1],
  ])('refuses as expiry.%s: %s', (name, _, value) => {
    expect(build({ expiry: { [name]: value } })).toThrow(
      new TypeError(`createTokens: expiry: option "${name}" must be ${RIGHT[name]}, got ${kindOf(value)}`),
    )
  })

  it('refuses a default lifetime beyond the longest', () => {
    expect(build({ expiry: { defaultMs: 1001, maxMs: 1000 } })).toThrow(
      new TypeError('createTokens: expiry: option "defaultMs" must not be longer than "maxMs"'),
    )
  })

  it('refuses an expiry that slides without an end, or beyond it', () => {
    const error = new TypeError('createTokens: expiry: option "slidingMs" needs a "maxMs" that is not shorter')
    expect(build({ expiry: { slidingMs: 120_000 } })).toThrow(error)
    expect(build({ expiry: { slidingMs: 120_000, maxMs: 119_999 } })).toThrow(error)
  })

  it('refuses an expiry that slides by less than uses may be written late', () => {
    const expiry = { slidingMs: 119_999, maxMs: 200_000 }
    const message = 'createTokens: expiry: option "slidingMs" must be at least twice option "recordUseEveryMs"'
    expect(build({ expiry })).toThrow(new TypeError(message))
    expect(build({ expiry, recordUseEveryMs: 60_000 })).toThrow(new TypeError(message))
    expect(build({ expiry, recordUseEveryMs: 59_000 })).not.toThrow()
  })

  it('refuses a catalogue of wildcards that are off, since nothing could be issued of it', () => {
    const message = 'createTokens: option "scopes" must not hold * unless option "wildcards" is true'
    expect(build({ scopes: ['jobs:read', 'jobs:*'] })).toThrow(new TypeError(message))
    expect(build({ scopes: ['jobs:read', 'jobs:*'], wildcards: true })).not.toThrow()
    expect(build({ scopes: ['jobs:read', '*:*'], wildcards: true })).toThrow(
      'must not hold * but at the end of one like',
    )
  })

  it('refuses unknown options, and names those there are', () => {
    const known =
      'store, prefix, retiredPrefixes, activeLimit, scopes, wildcards, ids, pepper, expiry, legacy, recordUseEveryMs, recordScopesAsked, now, onEvent, onError, waitUntil'
    expect(build({ activelimit: 25 })).toThrow(
      new TypeError(`createTokens: unknown option "activelimit"; the options are ${known}`),
    )
    expect(build({ expiry: { default: 1000 } })).toThrow(
      new TypeError(
        'createTokens: expiry: unknown option "default"; the options are defaultMs, maxMs, slidingMs, required',
      ),
    )
    expect(() => createTokens(undefined as unknown as TokensOptions)).toThrow(
      new TypeError('createTokens: options must be an object, got undefined'),
    )
  })
})

/** What a message may show of a value. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  return value === null || value === undefined ? `${value}` : `a value of type ${typeof value}`
}
