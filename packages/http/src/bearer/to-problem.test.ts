import { StoreError, TokenError } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { Problem } from '../message/problem.ts'
import { toProblem } from './to-problem.ts'

describe('toProblem', () => {
  it('leaves a problem as it is', () => {
    const problem = new Problem('not_found', 'Words.')
    expect(toProblem(problem)).toBe(problem)
  })

  it('shows nothing of a store failure but that the service cannot answer', () => {
    const problem = toProblem(new StoreError('find a token', new Error('ECONNREFUSED 127.0.0.1:6379')))
    expect(problem).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } })
    expect(problem?.facts).toEqual({})
    expect(problem?.message).not.toContain('127.0.0.1')
  })

  it.each([
    ['active_limit_reached', 409],
    ['idempotency_conflict', 409],
    ['invalid_transition', 409],
    ['idempotency_limit_reached', 429],
  ] as const)('answers a TokenError %s with its facts', (code, status) => {
    const details = { limit: 25, active: 25 }
    expect(toProblem(new TokenError(code, 'Words.', details))).toMatchObject({
      code,
      status,
      message: 'Words.',
      facts: details,
    })
  })

  it('names the wrong parameter', () => {
    const error = new TokenError('invalid_parameter', 'Words.', { parameter: 'name', right: 'words' })
    expect(toProblem(error)).toMatchObject({ status: 400, message: 'Words.' })
    expect(toProblem(error)?.facts).toEqual({ parameter: 'name' })
    expect(toProblem(new TokenError('invalid_parameter', 'Words.'))?.facts).toEqual({})
  })

  it('answers for a token that was not found in words of its own', () => {
    expect(toProblem(new TokenError('forbidden', 'not yours'))).toMatchObject({ code: 'forbidden', status: 403 })
    const problem = toProblem(new TokenError('token_not_found', 'the owner has no such token'))
    expect(problem).toMatchObject({ code: 'not_found', message: 'There is no such token.' })
  })

  it('challenges for the scopes that an issuer lacks', () => {
    const problem = toProblem(new TokenError('insufficient_scope', 'Words.', { scopes: ['jobs:write'] }))
    expect(problem).toMatchObject({ status: 403, facts: { scopes: ['jobs:write'] } })
    expect(problem?.headers['WWW-Authenticate']).toContain('scope="jobs:write"')
    expect(toProblem(new TokenError('insufficient_scope', 'Words.'))?.facts).toEqual({})
  })

  it.each(['owner', 'createdBy', 'attributes', 'scopeCeiling', 'expiryCeiling', 'networkCeiling'])(
    'takes a wrong %s for a fault of the app',
    (parameter) => {
      expect(toProblem(new TokenError('invalid_parameter', 'Words.', { parameter }))).toBeNull()
    },
  )

  it.each([new TypeError('a fault'), new Error('a fault'), 'a fault', undefined, null, { code: 'not_found' }])(
    'has no words for a fault in the program: %s',
    (fault) => {
      expect(toProblem(fault)).toBeNull()
    },
  )
})
