import { checkOptions, createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../dialects/dialect.ts'
import { plain } from '../dialects/plain.ts'
import { checkTokens, dialectNames, optionRules } from './option-rules.ts'

const check = (options: object) => () => checkOptions('factory', options, optionRules)

describe('optionRules', () => {
  it('take what they should', () => {
    const options = {
      dialect: plain,
      onError: () => {},
      realm: "Acme's API (v1)",
      resourceMetadata: 'https://api.example.com/.well-known/oauth-protected-resource',
      carriers: { query: true, form: false },
    }
    expect(check(options)).not.toThrow()
    expect(check({})).not.toThrow()
    expect(check({ carriers: {} })).not.toThrow()
  })

  it.each([
    [
      'dialect',
      [
        null,
        'plain',
        {},
        { ...plain, readList: undefined },
        { ...plain, writeError: 'text' },
        { ...plain, expiryField: undefined },
        { ...plain, errorType: 7 },
        { ...plain, listParameters: 'limit' },
        { ...plain, writeUsage: {} },
      ],
    ],
    ['onError', [null, 'log', {}]],
    ['realm', [null, '', 7, 'a "quoted" one', 'back\\slash', 'line\nbreak', 'é', 'tab\t']],
    [
      'resourceMetadata',
      [null, '', '/metadata', 'http://api.example.com', 'https://a.example/"', 'https://a.example/?b'],
    ],
    ['carriers', [null, true, 'query', { query: 'yes' }, { form: undefined }]],
  ])('name %s when it is wrong', (name, values) => {
    for (const value of values) expect(check({ [name]: value })).toThrow(`factory: option "${name}" must be `)
    for (const value of values) expect(check({ [name]: value })).toThrow(TypeError)
  })
})

describe('optionRules.dialect and optionRules.carriers', () => {
  const every: Readonly<Record<keyof Dialect, unknown>> = dialectNames

  it('refuse a mistyped name inside, which would pass unread', () => {
    for (const name of Object.keys(every))
      expect(check({ dialect: { ...plain, [`${name}_`]: null } })).toThrow(
        `factory: dialect: unknown option "${name}_"`,
      )
    expect(check({ dialect: { ...plain, scopes: { reed: ['a'] } } })).toThrow('dialect: scopes: unknown option "reed"')
    expect(check({ carriers: { cookie: true } })).toThrow(
      'carriers: unknown option "cookie"; the options are query, form',
    )
  })
})

describe('checkTokens', () => {
  it('takes what createTokens makes', () => {
    expect(() => checkTokens('factory', createTokens({ store: memoryStore(), prefix: 'ot_pat' }))).not.toThrow()
  })

  it.each([undefined, null, {}, 'tokens', () => {}, memoryStore()])('refuses %s', (value) => {
    expect(() => checkTokens('factory', value)).toThrow(
      new TypeError('factory: the first argument must be what createTokens() returns'),
    )
  })
})
