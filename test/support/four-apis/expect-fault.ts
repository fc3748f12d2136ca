import { expect } from 'vitest'
import { parseJson } from './answer.ts'
import type { Answer } from './answer.ts'
import type { ApiUnderTest } from './api-under-test.ts'
import { statuses } from './wire.ts'
import type { ApiName, Fault } from './wire.ts'

export interface FaultFacts {
  /** The parameter or field that is wrong. */
  readonly field?: string
  /** The scopes that are missing. */
  readonly scopes?: readonly string[]
  /** What `plain` tells beyond these. */
  readonly details?: object
}

/** Asserts status, challenge, media type and the whole body of an error, in the words of the API. */
export function expectFault(answer: Answer, { name, wire }: ApiUnderTest, fault: Fault, facts: FaultFacts = {}): void {
  expect(parseJson(answer)).toEqual(writers[name](wire.codes[fault], facts))
  expect(answer.status).toBe(statuses[fault])
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('www-authenticate')).toEqual(challengeOf(fault, facts))
}

/** RFC 6750 §3: no error code for who brought nothing, one and the same description for every bad token. */
function challengeOf(fault: Fault, { scopes = [] }: FaultFacts): unknown {
  const described = (code: string, more = '') =>
    expect.stringMatching(new RegExp(`^Bearer error="${code}", error_description="[^"\\\\]+"${more}$`))
  switch (fault) {
    case 'unauthenticated':
      return 'Bearer realm="api"'
    case 'badToken':
      return described('invalid_token')
    case 'severalCredentials':
      return described('invalid_request')
    case 'insufficientScope':
      return described('insufficient_scope', `, scope="${scopes.join(' ')}"`)
    default:
      return undefined
  }
}

const message = expect.any(String) as string

const writers: Readonly<Record<ApiName, (code: string, facts: FaultFacts) => object>> = {
  plain: (code, { field, scopes, details }) => ({
    error: { code, message, details: { ...(field && { parameter: field }), ...(scopes && { scopes }), ...details } },
  }),
  paged: (code, { field }) => ({ error: { code, message, ...(field && { field }) } }),
  offset: (code) => ({ status: 'error', code, message }),
  cursor: (code, { field }) => ({
    error: { code, message, details: field === undefined ? [] : [{ field, code, message }] },
  }),
}
