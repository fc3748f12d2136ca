import { describe, expect, it } from 'vitest'
import { Problem, invalidParameter, tokenNotFound, unavailable } from './problem.ts'

describe('Problem', () => {
  it.each([
    ['invalid_request', 400],
    ['invalid_parameter', 400],
    ['missing_parameter', 400],
    ['malformed_reference', 400],
    ['unauthenticated', 401],
    ['invalid_token', 401],
    ['insufficient_scope', 403],
    ['forbidden', 403],
    ['not_found', 404],
    ['malformed_id', 404],
    ['method_not_allowed', 405],
    ['active_limit_reached', 409],
    ['idempotency_conflict', 409],
    ['invalid_transition', 409],
    ['payload_too_large', 413],
    ['unsupported_media_type', 415],
    ['internal', 500],
    ['unavailable', 503],
  ] as const)('of code %s has status %i', (code, status) => {
    expect(new Problem(code, 'Words.')).toMatchObject({ code, status, message: 'Words.' })
  })

  it('is an Error of its own name, without facts or headers unless it is given some', () => {
    const problem = new Problem('not_found', 'Words.')
    expect(problem).toBeInstanceOf(Error)
    expect(problem.name).toBe('Problem')
    expect(problem.facts).toEqual({})
    expect(problem.headers).toEqual({})
    expect(new Problem('not_found', 'Words.', { facts: { limit: 25 }, headers: { Allow: 'GET' } })).toMatchObject({
      facts: { limit: 25 },
      headers: { Allow: 'GET' },
    })
  })
})

describe('invalidParameter', () => {
  it('names the parameter, in the facts and in a sentence', () => {
    expect(invalidParameter('page', 'an integer')).toMatchObject({
      code: 'invalid_parameter',
      message: 'page must be an integer',
      facts: { parameter: 'page' },
    })
  })
})

describe('unavailable', () => {
  it('asks the client to come back and carries no challenge, since nothing is known of the token', () => {
    expect(unavailable().status).toBe(503)
    expect(unavailable().headers).toEqual({ 'Retry-After': '1' })
  })
})

describe('tokenNotFound', () => {
  it('repeats the id that was asked for, if it may', () => {
    expect(tokenNotFound('an-id')).toMatchObject({ status: 404, code: 'not_found', facts: { tokenId: 'an-id' } })
    expect(tokenNotFound().facts).toEqual({})
  })
})
