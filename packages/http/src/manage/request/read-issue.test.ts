import { describe, expect, it } from 'vitest'
import { readIssue } from './read-issue.ts'

const camel = { expiryField: 'expiresAt' }
const snake = { expiryField: 'expires_at' }
const whole = { name: 'CI', scopes: ['jobs:read'] }
const refused = (code: string, parameter: string) => expect.objectContaining({ code, facts: { parameter } })

describe('readIssue', () => {
  it('reads name, scopes and expiry', () => {
    expect(readIssue({ ...whole, expiresAt: '2030-01-31T00:00:00Z' }, camel)).toEqual({
      ...whole,
      expiresAt: new Date('2030-01-31T00:00:00Z'),
    })
  })

  it('reads the expiry under the name that the dialect has for it', () => {
    expect(readIssue({ ...whole, expires_at: null }, snake)).toEqual({ ...whole, expiresAt: null })
    expect(() => readIssue({ ...whole, expires_at: null }, camel)).toThrow('name, scopes, expiresAt')
    expect(() => readIssue({ ...whole, expiresAt: null }, snake)).toThrow('name, scopes, expires_at')
  })

  it('distinguishes no expiry from one that is left to the rules of the API', () => {
    expect(readIssue({ ...whole, expiresAt: null }, camel).expiresAt).toBeNull()
    expect(readIssue(whole, camel).expiresAt).toBeUndefined()
  })

  it('distinguishes any network from networks that are left to the caller’s', () => {
    expect(readIssue({ ...whole, networks: ['192.0.2.0/24'] }, camel).networks).toEqual(['192.0.2.0/24'])
    expect(readIssue({ ...whole, networks: null }, camel).networks).toBeNull()
    expect(readIssue(whole, camel).networks).toBeUndefined()
  })

  it.each(['192.0.2.0/24', 7, [7], {}])('refuses the networks %j', (networks) => {
    expect(() => readIssue({ ...whole, networks }, camel)).toThrow(refused('invalid_parameter', 'networks'))
  })

  it.each(['name', 'scopes'])('misses %s', (field) => {
    const { [field]: _, ...rest }: Record<string, unknown> = whole
    expect(() => readIssue(rest, camel)).toThrow(refused('missing_parameter', field))
    expect(() => readIssue(rest, camel)).toThrow(`${field} is required`)
  })

  it('misses a field that the body only inherits', () => {
    expect(() => readIssue(Object.create(whole), camel)).toThrow(refused('missing_parameter', 'name'))
  })

  it.each([null, 7, true, ['CI'], {}])('refuses the name %j', (name) => {
    expect(() => readIssue({ ...whole, name }, camel)).toThrow(refused('invalid_parameter', 'name'))
  })

  it.each([null, 'jobs:read', 7, {}, [7], ['jobs:read', null], [['jobs:read']], { 0: 'jobs:read', length: 1 }])(
    'refuses the scopes %j',
    (scopes) => {
      expect(() => readIssue({ ...whole, scopes }, camel)).toThrow(refused('invalid_parameter', 'scopes'))
    },
  )

  it.each(['', 'tomorrow', '2030-01-31', '2030-02-30T00:00:00Z', 1_896_000_000_000, true, [], {}])(
    'refuses the expiry %j',
    (expiresAt) => {
      expect(() => readIssue({ ...whole, expiresAt }, camel)).toThrow(refused('invalid_parameter', 'expiresAt'))
    },
  )

  it.each(['owner', 'ownerId', 'userId', 'account_id', 'org_id', 'organizationId'])(
    'refuses a body that names an owner as %s: the owner is the caller',
    (field) => {
      expect(() => readIssue({ ...whole, [field]: 'acme' }, camel)).toThrow(refused('invalid_parameter', field))
    },
  )

  it('refuses a field that it does not know, without repeating a name that may be a secret', () => {
    const body = { ...whole, ot_pat_0123: 'a' }
    expect(() => readIssue(body, camel)).toThrow(expect.objectContaining({ code: 'invalid_parameter', facts: {} }))
    expect(() => readIssue(body, camel)).not.toThrow('ot_pat_0123')
  })

  it.each(['__proto__', 'constructor', 'toString'])('refuses the field %s like any other', (field) => {
    const body = JSON.parse(`{"name":"CI","scopes":[],"${field}":{"expiresAt":null}}`)
    expect(() => readIssue(body, camel)).toThrow(expect.objectContaining({ code: 'invalid_parameter' }))
  })
})
