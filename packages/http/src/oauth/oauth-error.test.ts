import { describe, expect, it } from 'vitest'
import { Problem } from '../message/problem.ts'
import { writeOAuthError } from './oauth-error.ts'

describe('writeOAuthError', () => {
  it.each([
    ['unauthenticated', 'unauthorized'],
    ['invalid_token', 'invalid_token'],
    ['insufficient_scope', 'insufficient_scope'],
    ['forbidden', 'access_denied'],
    ['unavailable', 'temporarily_unavailable'],
    ['invalid_request', 'invalid_request'],
    ['method_not_allowed', 'invalid_request'],
    ['payload_too_large', 'invalid_request'],
  ] as const)('words %s as %s (RFC 6750 §3.1, RFC 6749 §5.2)', (code, error) => {
    expect(writeOAuthError(new Problem(code, 'Words.'))).toEqual({ error, error_description: 'Words.' })
  })
})
