import type { RefusalReason } from '@tessera/core'
import { isScope } from '@tessera/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { challenge } from './challenge.ts'
import type { Refusal } from './challenge.ts'

const BAD_TOKEN: readonly RefusalReason[] = [
  'malformed',
  'unknown',
  'expired',
  'revoked',
  'suspended',
  'network_not_allowed',
]
const refusal = (reason: Refusal['reason']): Refusal => ({ ok: false, reason })
const header = (...args: Parameters<typeof challenge>) => challenge(...args).headers['WWW-Authenticate']

describe('challenge', () => {
  it('answers a request without credentials with 401 and a realm, without an error code (RFC 6750 §3.1)', () => {
    const problem = challenge(refusal('missing'))
    expect(problem).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(problem.headers).toEqual({ 'WWW-Authenticate': 'Bearer realm="api"' })
  })

  it.each(BAD_TOKEN)('answers a token that is %s with 401 invalid_token', (reason) => {
    expect(challenge(refusal(reason))).toMatchObject({ status: 401, code: 'invalid_token' })
    expect(header(refusal(reason))).toBe(
      'Bearer error="invalid_token", error_description="The access token is not valid."',
    )
  })

  it('answers all bad tokens alike', () => {
    const answers = BAD_TOKEN.map((reason) => {
      const { message, status, facts, headers } = challenge(refusal(reason), { realm: 'api', scopes: ['jobs:read'] })
      return JSON.stringify({ message, status, facts, headers })
    })
    expect(new Set(answers).size).toBe(1)
  })

  it('answers a token that lacks a scope with 403 insufficient_scope and the scopes that are needed', () => {
    const problem = challenge(refusal('insufficient_scope'), { scopes: ['jobs:read', 'jobs:write'] })
    expect(problem).toMatchObject({ status: 403, facts: { scopes: ['jobs:read', 'jobs:write'] } })
    expect(problem.message).toContain('jobs:read jobs:write')
    expect(problem.headers['WWW-Authenticate']).toBe(
      'Bearer error="insufficient_scope", ' +
        'error_description="The access token lacks a scope that the request needs.", scope="jobs:read jobs:write"',
    )
  })

  it('names no scope in a challenge if it does not know which are needed: an empty list is not allowed there', () => {
    expect(header(refusal('insufficient_scope'))).toBe(
      'Bearer error="insufficient_scope", error_description="The access token lacks a scope that the request needs."',
    )
  })

  it('answers more than one credential with 400 invalid_request', () => {
    const problem = challenge(refusal('several_credentials'))
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(problem.headers['WWW-Authenticate']).toContain('error="invalid_request"')
  })

  it('names scopes in no other challenge than insufficient_scope', () => {
    for (const reason of ['missing', 'several_credentials', ...BAD_TOKEN] as const) {
      const problem = challenge(refusal(reason), { scopes: ['jobs:read'] })
      expect(problem.headers['WWW-Authenticate']).not.toContain('scope')
      expect(problem.facts).toEqual({})
    }
  })

  it('puts the realm first, in every challenge', () => {
    expect(header(refusal('missing'), { realm: 'Acme API' })).toBe('Bearer realm="Acme API"')
    for (const reason of ['several_credentials', 'insufficient_scope', ...BAD_TOKEN] as const) {
      expect(header(refusal(reason), { realm: 'Acme API' })).toMatch(/^Bearer realm="Acme API", error="/)
    }
  })

  it('leads to the metadata of the API, in every challenge (RFC 9728 §5.1)', () => {
    const resourceMetadata = 'https://api.example.com/.well-known/oauth-protected-resource'
    expect(header(refusal('missing'), { resourceMetadata })).toBe(
      `Bearer realm="api", resource_metadata="${resourceMetadata}"`,
    )
    for (const reason of ['several_credentials', 'insufficient_scope', ...BAD_TOKEN] as const) {
      expect(header(refusal(reason), { resourceMetadata })).toMatch(/^Bearer error="/)
      const scoped = header(refusal(reason), { resourceMetadata, scopes: ['jobs:read'] })
      expect(scoped?.endsWith(`, resource_metadata="${resourceMetadata}"`)).toBe(true)
    }
  })

  it('stays inside the characters that RFC 6750 §3 allows, whatever the scopes', () => {
    const scopes = fc.array(fc.string({ minLength: 1, maxLength: 20 }).filter(isScope))
    fc.assert(
      fc.property(scopes, (needed) => {
        const attribute = /^(?:error|error_description|scope)="[\x20-\x21\x23-\x5b\x5d-\x7e]*"$/
        const attributes = header(refusal('insufficient_scope'), { scopes: needed })?.slice('Bearer '.length) ?? ''
        for (const each of attributes.split(/(?<="), (?=[a-z_]+=")/)) expect(each).toMatch(attribute)
      }),
    )
  })

  it('leaves the needed scopes alone, whatever an error handler does with the refusal', () => {
    const scopes = ['jobs:read']
    const { facts } = challenge(refusal('insufficient_scope'), { scopes })
    Reflect.set(Object(facts.scopes), 'length', 0)
    expect(scopes).toEqual(['jobs:read'])
  })

  it('fits the 16 KiB that clients accept as headers, with as many and as long scopes as a token can have', () => {
    const scopes = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(128, 'x'))
    expect(header(refusal('insufficient_scope'), { scopes })?.length).toBeLessThan(14_000)
  })
})

describe('challenge for a person', () => {
  const forPerson = true

  it('asks to sign in, without a Bearer challenge', () => {
    expect(challenge(refusal('missing'), { forPerson, realm: 'Acme' })).toMatchObject({ status: 401, headers: {} })
    expect(challenge(refusal('expired'), { forPerson })).toMatchObject({
      status: 401,
      message: expect.stringContaining('again'),
    })
    expect(challenge(refusal('missing'), { forPerson }).headers).toEqual({})
  })

  it('names the scopes that the person lacks', () => {
    const problem = challenge(refusal('insufficient_scope'), { forPerson, scopes: ['a', 'b'] })
    expect(problem).toMatchObject({ status: 403, code: 'insufficient_scope', facts: { scopes: ['a', 'b'] } })
    expect(problem.message).toBe('You lack a scope that the request needs: a b')
    expect(problem.headers).toEqual({})
  })
})
