import { describe, expect, it } from 'vitest'
import { SNAKE_CODES } from './snake-codes.ts'

describe('SNAKE_CODES', () => {
  it('words every problem', () => {
    expect(SNAKE_CODES).toEqual({
      invalid_request: 'invalid_parameter',
      invalid_parameter: 'invalid_parameter',
      missing_parameter: 'invalid_parameter',
      malformed_reference: 'invalid_parameter',
      unauthenticated: 'unauthorized',
      invalid_token: 'unauthorized',
      insufficient_scope: 'insufficient_scope',
      forbidden: 'forbidden',
      not_found: 'not_found',
      malformed_id: 'not_found',
      method_not_allowed: 'method_not_allowed',
      active_limit_reached: 'token_limit_reached',
      idempotency_conflict: 'idempotency_conflict',
      idempotency_limit_reached: 'idempotency_limit_reached',
      invalid_transition: 'invalid_transition',
      payload_too_large: 'payload_too_large',
      unsupported_media_type: 'unsupported_media_type',
      internal: 'internal',
      unavailable: 'unavailable',
    })
  })
})
