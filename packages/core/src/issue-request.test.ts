import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../testing/open-tokens.ts'
import { expiryOf } from './issue-request.ts'
import type { IssueRequest } from './issue-request.ts'
import type { TokensOptions } from './options.ts'

const HOUR = 3_600_000
const LATEST = new Date('9999-12-31T23:59:59.999Z')

function issueWith(facts: Record<string, unknown>, options: Partial<TokensOptions> = {}) {
  const { tokens, watched } = openTokens(options)
  const request = { owner: 'acme', name: 'ci', scopes: ['jobs:read'], ...facts } as unknown as IssueRequest
  return { issuing: tokens.issue(request), watched }
}

async function expectRefusal(attempt: ReturnType<typeof issueWith>, parameter: string, right: string): Promise<void> {
  await expect(attempt.issuing).rejects.toMatchObject({
    name: 'TokenError',
    code: 'invalid_parameter',
    message: `${parameter} must be ${right}`,
    details: { parameter, right },
  })
  expect(attempt.watched.calls).toEqual([])
}

describe('checkIssueRequest', () => {
  const line = '1 to 255 characters of well-formed Unicode without control characters'
  const scopeShape = 'a list of scopes of 1 to 128 printable ASCII characters without space, " and \\'
  const attributeShape = 'at most 32 texts of at most 1,024 characters, under names of [A-Za-z0-9_]'
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, '']))

  it.each<[string, Record<string, unknown>]>([
    ['a name of 255 characters, each two UTF-16 units', { name: '🦊'.repeat(255) }],
    ['a name in any script', { name: 'Grüße, 日本, שלום\u00a0\u200d' }],
    ['an owner of 255 characters', { owner: 'x'.repeat(255) }],
    ['no scope', { scopes: [] }],
    ['100 scopes of 128 characters', { scopes: Array.from({ length: 100 }, (_, n) => `${n}`.padStart(128, 'x')) }],
    ['a creator', { createdBy: 'ada@acme.test' }],
    ['null for no creator', { createdBy: null }],
    ['32 attributes', { attributes: many(32) }],
    ['an attribute of 1,024 characters', { attributes: { note: '🦊'.repeat(1024) } }],
    ['an idempotency key of 255 characters', { idempotencyKey: '~'.repeat(255) }],
    ['the last instant of the year 9999', { expiresAt: LATEST }],
    ['the next millisecond', { expiresAt: new Date(NOW + 1) }],
    ['undefined for left out', { expiresAt: undefined, createdBy: undefined, attributes: undefined }],
  ])('accepts %s', async (_, facts) => {
    await expect(issueWith(facts).issuing).resolves.toMatchObject({ replayed: false })
  })

  it.each<[string, unknown, string]>([
    ['owner', undefined, line],
    ['owner', '', line],
    ['owner', 7, line],
    ['owner', 'a\u0000b', line],
    ['owner', '\ud800', line],
    ['owner', 'x'.repeat(256), line],
    ['name', undefined, line],
    ['name', null, line],
    ['name', '', line],
    ['name', ['ci'], line],
    ['name', 'x'.repeat(256), line],
    ['name', '🦊'.repeat(256), line],
    ['name', 'x'.repeat(1_000_000), line],
    ['name', 'ci\n', line],
    ['name', 'ci\u007f', line],
    ['name', 'ci\u0085', line],
    ['name', 'ci\ud83e', line],
    ['name', '\udd8aci', line],
    ['scopes', undefined, 'a list of at most 100 scopes'],
    ['scopes', 'jobs:read', 'a list of at most 100 scopes'],
    ['scopes', Array.from({ length: 101 }, (_, n) => `s${n}`), 'a list of at most 100 scopes'],
    ['scopes', [''], scopeShape],
    ['scopes', ['jobs read'], scopeShape],
    ['scopes', ['jobs:read', 7], scopeShape],
    ['scopes', ['x'.repeat(129)], scopeShape],
    ['scopes', Array.from({ length: 1 }), scopeShape],
    ['scopes', ['jobs:*'], 'free of *: wildcards are off'],
    ['createdBy', '', '1 to 255 characters without control characters'],
    ['createdBy', 'ada\n', '1 to 255 characters without control characters'],
    ['createdBy', 7, '1 to 255 characters without control characters'],
    ['attributes', null, attributeShape],
    ['attributes', 7, attributeShape],
    ['attributes', 'text', attributeShape],
    ['attributes', ['text'], attributeShape],
    ['attributes', [], attributeShape],
    ['attributes', many(33), attributeShape],
    ['attributes', { note: 7 }, attributeShape],
    ['attributes', { note: 'x'.repeat(1025) }, attributeShape],
    ['attributes', { note: 'a\u0000' }, attributeShape],
    ['attributes', { '1st': 'a' }, attributeShape],
    ['attributes', { 'a-b': 'a' }, attributeShape],
    ['attributes', { ['x'.repeat(65)]: 'a' }, attributeShape],
    ['attributes', JSON.parse('{"__proto__":"a"}'), attributeShape],
    ['idempotencyKey', '', '1 to 255 visible ASCII characters'],
    ['idempotencyKey', 'a b', '1 to 255 visible ASCII characters'],
    ['idempotencyKey', 'é', '1 to 255 visible ASCII characters'],
    ['idempotencyKey', 'x'.repeat(256), '1 to 255 visible ASCII characters'],
    ['idempotencyKey', null, '1 to 255 visible ASCII characters'],
  ])('refuses %s: %o, before any store call', async (parameter, value, right) => {
    await expectRefusal(issueWith({ [parameter]: value }), parameter, right)
  })

  it('refuses scopes that are not in the catalogue, and names those that are', async () => {
    const options = { scopes: ['jobs:read', 'jobs:write'] }
    await expect(issueWith({ scopes: ['jobs:write'] }, options).issuing).resolves.toBeDefined()
    await expectRefusal(issueWith({ scopes: ['jobs:run'] }, options), 'scopes', 'taken from jobs:read, jobs:write')
  })

  it('accepts a wildcard where wildcards are on', async () => {
    await expect(issueWith({ scopes: ['jobs:*'] }, { wildcards: true }).issuing).resolves.toBeDefined()
  })

  it('refuses scopes above the ceiling of the issuer', async () => {
    const ceiling = { scopeCeiling: ['jobs:read', 'tokens:write'] }
    await expect(issueWith({ ...ceiling, scopes: ['jobs:read'] }).issuing).resolves.toBeDefined()
    await expect(issueWith({ scopeCeiling: null, scopes: ['jobs:run'] }).issuing).resolves.toBeDefined()

    const above = issueWith({ ...ceiling, scopes: ['jobs:read', 'jobs:write', 'jobs:run'] })
    await expect(above.issuing).rejects.toMatchObject({
      code: 'insufficient_scope',
      details: { scopes: ['jobs:write', 'jobs:run'] },
    })
    expect(above.watched.calls).toEqual([])
  })

  it('lets a wildcard in the ceiling cover what it stands for, and nothing in the ceiling a wildcard', async () => {
    const wildcards = { wildcards: true }
    const under = issueWith({ scopeCeiling: ['jobs:*'], scopes: ['jobs:read'] }, wildcards)
    await expect(under.issuing).resolves.toBeDefined()
    const above = issueWith({ scopeCeiling: ['jobs:read'], scopes: ['jobs:*'] }, wildcards)
    await expect(above.issuing).rejects.toMatchObject({ code: 'insufficient_scope' })
  })
})

describe('expiryOf', () => {
  it('is what was asked for, and no expiry for null and where no rule speaks', () => {
    expect(expiryOf(new Date(NOW + HOUR), {}, NOW)).toBe(NOW + HOUR)
    expect(expiryOf(null, {}, NOW)).toBeNull()
    expect(expiryOf(undefined, {}, NOW)).toBeNull()
  })

  it('is the default where nothing was asked for, and only there', () => {
    const rules = { defaultMs: HOUR }
    expect(expiryOf(undefined, rules, NOW)).toBe(NOW + HOUR)
    expect(expiryOf(new Date(NOW + 1), rules, NOW)).toBe(NOW + 1)
    expect(expiryOf(null, rules, NOW)).toBeNull()
  })

  it('ends a default lifetime of any length with the year 9999', () => {
    expect(expiryOf(undefined, { defaultMs: Number.MAX_SAFE_INTEGER }, NOW)).toBe(LATEST.getTime())
  })

  it.each<[string, unknown]>([
    ['an invalid date', new Date('tomorrow')],
    ['the present instant', new Date(NOW)],
    ['the past', new Date(NOW - 1)],
    ['an instant after the year 9999', new Date(LATEST.getTime() + 1)],
    ['a number', NOW + HOUR],
    ['a text', '2027-01-01T00:00:00Z'],
  ])('refuses %s', async (_, expiresAt) => {
    await expectRefusal(issueWith({ expiresAt }), 'expiresAt', 'a valid instant in the future')
  })

  it('refuses a token without expiry where one is required, or where a longest lifetime is set', async () => {
    const right = 'set: tokens without an expiry are not issued'
    await expectRefusal(issueWith({}, { expiry: { required: true } }), 'expiresAt', right)
    await expectRefusal(issueWith({}, { expiry: { maxMs: HOUR } }), 'expiresAt', right)
    const rules = { required: true, defaultMs: HOUR }
    await expectRefusal(issueWith({ expiresAt: null }, { expiry: rules }), 'expiresAt', right)
    expect(expiryOf(undefined, rules, NOW)).toBe(NOW + HOUR)
  })

  it('refuses a longer lifetime than the longest, and says until when', async () => {
    const expiry = { maxMs: HOUR }
    expect(expiryOf(new Date(NOW + HOUR), expiry, NOW)).toBe(NOW + HOUR)
    const longer = issueWith({ expiresAt: new Date(NOW + HOUR + 1) }, { expiry })
    await expectRefusal(longer, 'expiresAt', 'at most 2026-01-02T04:04:05.678Z')
  })
})
