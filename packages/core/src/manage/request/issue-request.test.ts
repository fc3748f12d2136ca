import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../../testing/open-tokens.ts'
import type { TokensOptions } from '../../setup/options.ts'
import { NAME } from './name.ts'
import { invalidParameter } from '../../token/errors.ts'
import { generateSecret, shardOf } from '../../token/secret/secret.ts'
import type { Issued } from '../issue-token.ts'
import type { IssueRequest } from './issue-request.ts'

const SCOPES = 'a list of scopes of 1 to 128 printable ASCII characters without space, " and \\'
const RIGHT: Readonly<Record<string, string>> = {
  owner: '1 to 255 characters of well-formed Unicode without control characters',
  name: NAME,
  createdBy: '1 to 255 characters of well-formed Unicode without control characters',
  attributes: 'at most 32 texts of at most 1,024 characters, under names of [A-Za-z0-9_]',
  idempotencyKey: '1 to 255 visible ASCII characters',
}

function issueWith(facts: Record<string, unknown>, options: Partial<TokensOptions> = {}): Promise<Issued> {
  return openTokens(options).tokens.issue(requestOf(facts))
}

/** The error that a request ends in before any store call. */
async function errorOf(facts: Record<string, unknown>, options: Partial<TokensOptions> = {}): Promise<unknown> {
  const { tokens, watched } = openTokens(options)
  const error: unknown = await tokens.issue(requestOf(facts)).catch((thrown: unknown) => thrown)
  return watched.calls.length === 0 ? error : 'the store was called'
}

function requestOf(facts: Record<string, unknown>): IssueRequest {
  const request: object = { owner: 'acme', name: 'ci', scopes: ['jobs:read'], ...facts }
  return request as IssueRequest
}

describe('checkIssueRequest', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, '']))

  it.each<[string, Record<string, unknown>]>([
    ['a name of 255 characters, each two UTF-16 units', { name: '🦊'.repeat(255) }],
    ['a name in any script', { name: 'Grüße, 日本, שלום\u00a0👩\u200d💻' }],
    ['an owner of 255 characters', { owner: 'x'.repeat(255) }],
    ['no scope', { scopes: [] }],
    ['100 scopes of 128 characters', { scopes: Array.from({ length: 100 }, (_, n) => `${n}`.padStart(128, 'x')) }],
    ['a creator', { createdBy: 'ada@acme.test' }],
    ['null for no creator', { createdBy: null }],
    ['32 attributes', { attributes: many(32) }],
    ['an attribute of 1,024 characters', { attributes: { note: '🦊'.repeat(1024) } }],
    ['an idempotency key of 255 characters', { idempotencyKey: '~'.repeat(255) }],
    ['the last instant of the year 9999', { expiresAt: new Date('9999-12-31T23:59:59.999Z') }],
    ['the next millisecond', { expiresAt: new Date(NOW + 1) }],
    ['undefined for left out', { expiresAt: undefined, createdBy: undefined, attributes: undefined }],
  ])('accepts %s', async (_, facts) => {
    await expect(issueWith(facts)).resolves.toMatchObject({ replayed: false })
  })

  it.each<[string, string, unknown]>([
    ['owner', 'nothing', undefined],
    ['owner', 'an empty text', ''],
    ['owner', 'a number', 7],
    ['owner', 'a control character', 'a\0b'],
    ['owner', 'a lone surrogate', '\ud800'],
    ['owner', '256 characters', 'x'.repeat(256)],
    ['name', 'nothing', undefined],
    ['name', 'null', null],
    ['name', 'an empty text', ''],
    ['name', 'an array', ['ci']],
    ['name', '256 characters', 'x'.repeat(256)],
    ['name', '256 characters of two units', '🦊'.repeat(256)],
    ['name', 'a million characters', 'x'.repeat(1_000_000)],
    ['name', 'a line feed', 'ci\n'],
    ['name', 'DEL', 'ci\x7f'],
    ['name', 'a C1 control character', 'ci\x85'],
    ['name', 'a high surrogate alone', 'ci\ud83e'],
    ['name', 'what shows nothing', ' \u200b '],
    ['name', 'an override of the direction', 'ci\u202e'],
    ['name', 'a low surrogate alone', '\udd8aci'],
    ['createdBy', 'an empty text', ''],
    ['createdBy', 'a control character', 'ada\n'],
    ['createdBy', 'a number', 7],
    ['attributes', 'null', null],
    ['attributes', 'a number', 7],
    ['attributes', 'a text', 'text'],
    ['attributes', 'an empty array', []],
    ['attributes', 'an array', ['text']],
    ['attributes', '33 of them', many(33)],
    ['attributes', 'a value that is no text', { title: 'a', note: 7 }],
    ['attributes', 'a value of 1,025 characters', { note: 'x'.repeat(1025) }],
    ['attributes', 'a control character', { note: 'a\0' }],
    ['attributes', 'a name that starts with a digit', { '1st': 'a' }],
    ['attributes', 'a name with a hyphen', { ab: 'a', 'a-b': 'a' }],
    ['attributes', 'a name of 65 characters', { ['x'.repeat(65)]: 'a' }],
    ['attributes', 'the name __proto__', JSON.parse('{"__proto__":"a"}')],
    ['idempotencyKey', 'an empty text', ''],
    ['idempotencyKey', 'a space', 'a b'],
    ['idempotencyKey', 'a character beyond ASCII', 'é'],
    ['idempotencyKey', '256 characters', 'x'.repeat(256)],
    ['idempotencyKey', 'null', null],
  ])('refuses as %s: %s', async (parameter, _, value) => {
    expect(await errorOf({ [parameter]: value })).toEqual(invalidParameter(parameter, RIGHT[parameter] ?? ''))
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'a list of at most 100 scopes'],
    ['a text', 'jobs:read', 'a list of at most 100 scopes'],
    ['101 of them', Array.from({ length: 101 }, (_, n) => `s${n}`), 'a list of at most 100 scopes'],
    ['an empty text', [''], SCOPES],
    ['a space', ['jobs read'], SCOPES],
    ['a number', ['jobs:read', 7], SCOPES],
    ['a hole', Array.from({ length: 1 }), SCOPES],
    ['129 characters', ['x'.repeat(129)], SCOPES],
    ['a wildcard', ['jobs:*'], 'free of *: wildcards are off'],
  ])('refuses as scopes: %s', async (_, scopes, right) => {
    expect(await errorOf({ scopes })).toEqual(invalidParameter('scopes', right))
  })

  it('refuses a scope that is not in the catalogue, and names none of those that are', async () => {
    const options = { scopes: ['jobs:read', 'jobs:write'] }
    await expect(issueWith({ scopes: ['jobs:write'] }, options)).resolves.toBeDefined()
    expect(await errorOf({ scopes: ['jobs:write', 'jobs:run'] }, options)).toEqual(
      invalidParameter('scopes', 'known to this API, and jobs:run is not'),
    )
  })

  it.each(['*', '*:*', 'jobs*', 'jobs:r*', 'jobs:*:read', '*:read', 'jobs:**', ':*'])(
    'refuses a wildcard that would grant nothing: %s',
    async (scope) => {
      const asking = issueWith({ scopes: [scope] }, { wildcards: true })
      await expect(asking).rejects.toMatchObject({ code: 'invalid_parameter', details: { parameter: 'scopes' } })
    },
  )

  it('accepts a wildcard where wildcards are on', async () => {
    await expect(issueWith({ scopes: ['jobs:*'] }, { wildcards: true })).resolves.toBeDefined()
  })

  it('refuses a secret that was put among the scopes, and does not repeat it', async () => {
    const secret = generateSecret('ot_pat', shardOf('acme'))
    const error = invalidParameter('scopes', 'scopes, and not a secret')
    expect(await errorOf({ scopes: [secret], scopeCeiling: [] })).toEqual(error)
    expect(await errorOf({ scopes: [secret] }, { scopes: ['jobs:read'] })).toEqual(error)
  })

  it('refuses scopes above the ceiling of the issuer', async () => {
    const scopeCeiling = ['jobs:read', 'tokens:write']
    await expect(issueWith({ scopeCeiling, scopes: ['jobs:read'] })).resolves.toBeDefined()
    await expect(issueWith({ scopeCeiling: null, scopes: ['jobs:run'] })).resolves.toBeDefined()
    expect(await errorOf({ scopeCeiling, scopes: ['jobs:read', 'jobs:write', 'jobs:run'] })).toMatchObject({
      code: 'insufficient_scope',
      details: { scopes: ['jobs:write', 'jobs:run'] },
    })
  })

  it('refuses a ceiling that is no list', async () => {
    const error = invalidParameter('scopeCeiling', 'a list of scopes, or null')
    expect(await errorOf({ scopeCeiling: 'jobs:read' })).toEqual(error)
  })

  it('lets a wildcard in the ceiling cover what it stands for, and nothing less a wildcard', async () => {
    const options = { wildcards: true }
    await expect(issueWith({ scopeCeiling: ['jobs:*'], scopes: ['jobs:read'] }, options)).resolves.toBeDefined()
    expect(await errorOf({ scopeCeiling: ['jobs:read'], scopes: ['jobs:*'] }, options)).toMatchObject({
      code: 'insufficient_scope',
    })
  })
})
