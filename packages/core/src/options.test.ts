import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { timeOrderedIds } from './ids.ts'
import type { TokensOptions } from './options.ts'
import { createTokens } from './tokens.ts'

const PEPPER = 'a pepper of at least 32 characters'
const METHODS = 'insert, findByDigest, find, list, revoke, suspend, resume, recordUse, rekey, prune'

function build(options: Record<string, unknown>): () => unknown {
  return () => createTokens({ store: memoryStore(), prefix: 'ot_pat', ...options } as unknown as TokensOptions)
}

describe('createTokens', () => {
  it.each<[string, Record<string, unknown>]>([
    ['nothing else', {}],
    ['no limit', { activeLimit: null }],
    ['a limit of one', { activeLimit: 1 }],
    ['a catalogue', { scopes: ['jobs:read', 'jobs:write'] }],
    ['wildcards', { wildcards: true }],
    ['another format of ids', { ids: timeOrderedIds }],
    ['a pepper of text', { pepper: PEPPER }],
    ['a pepper of bytes', { pepper: new Uint8Array(32) }],
    ['a pepper that is being changed', { pepper: { current: PEPPER, retired: [new Uint8Array(32), null] } }],
    ['no rules of expiry', { expiry: {} }],
    ['all rules of expiry', { expiry: { defaultMs: 1000, maxMs: 1000, required: true } }],
    ['every use recorded', { recordUseEveryMs: 0 }],
    ['a clock', { now: () => 0 }],
    ['an error handler', { onError: () => {} }],
    ['undefined for left out', { activeLimit: undefined, pepper: undefined, expiry: undefined, now: undefined }],
  ])('accepts a store, a prefix and %s', (_, options) => {
    expect(build(options)).not.toThrow()
  })

  const store = `a TokenStore, with the methods ${METHODS}`
  const prefix = 'a string that matches [a-z][a-z0-9_]{0,31}'
  const activeLimit = 'a positive integer, or null for no limit'
  const scopes = 'an array of scopes, each 1 to 128 printable ASCII characters'
  const pepper = 'at least 32 bytes or characters, or { current, retired } of such'
  const expiry = 'an object: { defaultMs, maxMs, required }'
  const now = 'a function that returns epoch milliseconds, a whole number'

  it.each<[string, unknown, string]>([
    ['store', undefined, `${store}, got undefined`],
    ['store', null, `${store}, got null`],
    ['store', { ...memoryStore(), rekey: undefined }, `${store}, got a value of type object`],
    ['prefix', undefined, `${prefix}, got undefined`],
    ['prefix', 7, `${prefix}, got a value of type number`],
    ['prefix', 'OT_PAT', `${prefix}, got a value of type string`],
    ['prefix', '', `${prefix}, got a value of type string`],
    ['activeLimit', 0, `${activeLimit}, got a value of type number`],
    ['activeLimit', 1.5, `${activeLimit}, got a value of type number`],
    ['activeLimit', Number.NaN, `${activeLimit}, got a value of type number`],
    ['activeLimit', '25', `${activeLimit}, got a value of type string`],
    ['scopes', 'jobs:read', `${scopes}, got a value of type string`],
    ['scopes', ['jobs read'], `${scopes}, got an array`],
    ['scopes', [7], `${scopes}, got an array`],
    ['wildcards', 'yes', 'a boolean, got a value of type string'],
    ['ids', 'uuid', 'an IdFormat: generate and matches, got a value of type string'],
    ['ids', { generate: () => 'a' }, 'an IdFormat: generate and matches, got a value of type object'],
    ['pepper', 'hunter2', `${pepper}, got a value of type string`],
    ['pepper', null, `${pepper}, got null`],
    ['pepper', { current: 'hunter2' }, `${pepper}, got a value of type object`],
    ['pepper', { current: PEPPER, retired: ['hunter2'] }, `${pepper}, got a value of type object`],
    ['pepper', { current: PEPPER, retierd: ['hunter2'] }, `${pepper}, got a value of type object`],
    ['expiry', 1000, `${expiry}, got a value of type number`],
    ['expiry', null, `${expiry}, got null`],
    ['recordUseEveryMs', -1, 'a number of milliseconds, 0 or more, got a value of type number'],
    ['recordUseEveryMs', Number.POSITIVE_INFINITY, 'a number of milliseconds, 0 or more, got a value of type number'],
    ['recordUseEveryMs', '60', 'a number of milliseconds, 0 or more, got a value of type string'],
    ['now', 0, `${now}, got a value of type number`],
    ['now', () => new Date(0), `${now}, got a value of type function`],
    ['now', () => 0.5, `${now}, got a value of type function`],
    ['onError', 'log', 'a function, got a value of type string'],
  ])('refuses the option %s: %o', (name, value, right) => {
    expect(build({ [name]: value })).toThrow(new TypeError(`createTokens: option "${name}" must be ${right}`))
  })

  it.each<[string, unknown, string]>([
    ['defaultMs', 0, 'a whole number of milliseconds, more than 0, got a value of type number'],
    ['defaultMs', Number.MAX_VALUE, 'a whole number of milliseconds, more than 0, got a value of type number'],
    ['maxMs', -1, 'a whole number of milliseconds, more than 0, got a value of type number'],
    ['maxMs', '30d', 'a whole number of milliseconds, more than 0, got a value of type string'],
    ['required', 1, 'a boolean, got a value of type number'],
  ])('refuses the rule of expiry %s: %o', (name, value, right) => {
    const message = `createTokens: expiry: option "${name}" must be ${right}`
    expect(build({ expiry: { [name]: value } })).toThrow(new TypeError(message))
  })

  it('refuses a default lifetime beyond the longest', () => {
    expect(build({ expiry: { defaultMs: 1001, maxMs: 1000 } })).toThrow(
      new TypeError('createTokens: expiry: option "defaultMs" must not be longer than "maxMs"'),
    )
  })

  it('refuses unknown options, and names those there are', () => {
    const known = 'store, prefix, activeLimit, scopes, wildcards, ids, pepper, expiry, recordUseEveryMs, now, onError'
    expect(build({ activelimit: 25 })).toThrow(
      new TypeError(`createTokens: unknown option "activelimit"; the options are ${known}`),
    )
    expect(build({ expiry: { default: 1000 } })).toThrow(
      new TypeError('createTokens: expiry: unknown option "default"; the options are defaultMs, maxMs, required'),
    )
    expect(() => createTokens(undefined as unknown as TokensOptions)).toThrow(
      new TypeError('createTokens: options must be an object'),
    )
  })
})
