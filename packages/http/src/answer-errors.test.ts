import { once } from 'node:events'
import { StoreError } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { requestOf } from '../testing/request.ts'
import { answerErrors, errorResponse, problemOf } from './answer-errors.ts'
import type { Handler } from './message.ts'
import { writeOAuthError } from './oauth-error.ts'
import { Problem } from './problem.ts'

const outage = new StoreError('find a token', new Error('connection lost'))
const throwing =
  (error: unknown): Handler =>
  async () => {
    throw error
  }

describe('answerErrors', () => {
  it('leaves an answer as it is', async () => {
    const answer = { status: 200, headers: {}, body: '{}' }
    const handle = answerErrors(async () => answer, writeOAuthError)
    await expect(handle(requestOf())).resolves.toBe(answer)
  })

  it('answers a problem in the given words, with its status and headers', async () => {
    const problem = new Problem('method_not_allowed', 'Words.', { headers: { Allow: 'GET' } })
    const answer = await answerErrors(throwing(problem), ({ code }) => ({ code }))(requestOf())
    expect(answer).toMatchObject({ status: 405, headers: { Allow: 'GET' }, body: '{"code":"method_not_allowed"}' })
  })

  it('answers a store failure with 503, no challenge, and tells onError', async () => {
    const told: Error[] = []
    const handle = answerErrors(throwing(outage), writeOAuthError, (error) => void told.push(error))
    const answer = await handle(requestOf())
    expect(answer.status).toBe(503)
    expect(answer.headers).toMatchObject({ 'Retry-After': '1' })
    expect(answer.headers).not.toHaveProperty('WWW-Authenticate')
    expect(told).toEqual([outage])
  })

  it('rejects for a fault in the program, which onError is not told of', async () => {
    const told: Error[] = []
    const fault = new TypeError('a fault')
    const handle = answerErrors(throwing(fault), writeOAuthError, (error) => void told.push(error))
    await expect(handle(requestOf())).rejects.toBe(fault)
    expect(told).toEqual([])
  })
})

describe('problemOf', () => {
  it('warns of a store failure when nobody else is told', async () => {
    const warned = once(process, 'warning')
    expect(problemOf(outage).status).toBe(503)
    await expect(warned).resolves.toEqual([outage])
  })

  it('tells onError of nothing but store failures', () => {
    const told: Error[] = []
    problemOf(new Problem('not_found', 'Words.'), (error) => void told.push(error))
    expect(told).toEqual([])
  })
})

describe('errorResponse', () => {
  it('is JSON that no cache may keep', () => {
    expect(errorResponse(new Problem('not_found', 'Words.'), writeOAuthError)).toEqual({
      status: 404,
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
      body: '{"error":"invalid_request","error_description":"Words."}',
    })
  })
})
