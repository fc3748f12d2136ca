import { describe, expect, it } from 'vitest'
import { methodNotAllowed } from './method-not-allowed.ts'

describe('methodNotAllowed', () => {
  it('answers 405 and lists the methods in Allow (RFC 9110 §15.5.6)', () => {
    const problem = methodNotAllowed(['GET', 'HEAD', 'POST'])
    expect(problem).toMatchObject({ status: 405, code: 'method_not_allowed' })
    expect(problem.headers).toEqual({ Allow: 'GET, HEAD, POST' })
  })
})
