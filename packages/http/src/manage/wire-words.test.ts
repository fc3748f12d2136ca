import { StoreError, TokenError } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { inWireWords } from './wire-words.ts'

const snake = { expiryField: 'expires_at', overlapField: 'overlap_seconds' }
const refused = (parameter: string) => new TokenError('invalid_parameter', 'Words.', { parameter, right: 'right' })

describe('inWireWords', () => {
  it.each([
    ['expiresAt', 'expires_at', 'expires_at must be right'],
    ['idempotencyKey', 'Idempotency-Key', 'Idempotency-Key must be right'],
    ['overlapMs', 'overlap_seconds', 'overlap_seconds must be a whole number of seconds, 0 to 30 days'],
  ])('names %s as the client does', (parameter, name, message) => {
    expect(inWireWords(refused(parameter), snake, {})).toMatchObject({ message, facts: { parameter: name } })
  })

  it('challenges for a scope as the request is challenged', () => {
    const error = new TokenError('insufficient_scope', 'Words.', { scopes: ['jobs:read'] })
    expect(inWireWords(error, snake, { challenge: { realm: 'Acme' } })).toMatchObject({
      headers: { 'WWW-Authenticate': expect.stringMatching(/^Bearer realm="Acme", .*scope="jobs:read"/) },
    })
  })

  it.each([
    refused('name'),
    refused('owner'),
    new TokenError('token_not_found', 'Words.'),
    new StoreError('find a token', null),
    new TypeError('a fault'),
  ])('leaves %s as it is', (error) => {
    expect(inWireWords(error, snake, {})).toBe(error)
  })
})
