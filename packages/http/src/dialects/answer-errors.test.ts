import { once } from 'node:events'
import { StoreError } from '@tessera/core'
import { describe, expect, it, vi } from 'vitest'
import { requestOf } from '../../testing/request.ts'
import type { Handler } from '../message/message.ts'
import { Problem } from '../message/problem.ts'
import { writeOAuthError } from '../oauth/oauth-error.ts'
import { answerErrors, errorResponse, problemOf } from './answer-errors.ts'

const oauth = { writeError: writeOAuthError }
const outage = new StoreError('find a token', new Error('connection lost'))
const throwing =
  (error: unknown): Handler =>
  async () => {
    throw error
  }

describe('answerErrors', () => {
  it('leaves an answer as it is', async () => {
    const answer = { status: 200, headers: {}, body: '{}' }
    const handle = answerErrors(async () => answer, oauth)
    await expect(handle(requestOf())).resolves.toBe(answer)
  })

  it('answers a problem in the given words, with its status and headers', async () => {
    const problem = new Problem('method_not_allowed', 'Words.', { headers: { Allow: 'GET' } })
    const answer = await answerErrors(throwing(problem), { writeError: ({ code }) => ({ code }) })(requestOf())
    expect(answer).toMatchObject({ status: 405, headers: { Allow: 'GET' }, body: '{"code":"method_not_allowed"}' })
  })

  it('answers a store failure with 503, no challenge, and calls onError', async () => {
    const reported: Error[] = []
    const handle = answerErrors(throwing(outage), oauth, (error) => void reported.push(error))
    const answer = await handle(requestOf())
    expect(answer.status).toBe(503)
    expect(answer.headers).toMatchObject({ 'Retry-After': '1' })
    expect(answer.headers).not.toHaveProperty('WWW-Authenticate')
    expect(reported).toEqual([outage])
  })

  it.each([
    ['throws', () => AbortSignal.abort(new Error('the log is full')).throwIfAborted()],
    ['rejects', () => Promise.reject(new Error('the log is full, later'))],
    ['never settles', () => new Promise(() => {})],
  ])('answers a store failure alike if onError %s', async (_fault, onError) => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
    const answer = await answerErrors(throwing(outage), oauth, onError)(requestOf())
    expect(answer.status).toBe(503)
    warned.mockRestore()
  })

  it('hands on headers as lists by lower-case name, whatever the platform has', async () => {
    const handle = answerErrors(async (request) => {
      const { headers } = request
      return { status: 200, headers: {}, body: JSON.stringify([headers, await request.readBody()]) }
    }, oauth)
    for (const headers of [{ Host: 'a.example' }, { host: ['a.example'] }, new Headers({ host: 'a.example' })]) {
      const { body } = await handle({ ...requestOf({ body: 'sent' }), headers: headers as never })
      expect(JSON.parse(body)).toEqual([{ host: ['a.example'] }, 'sent'])
    }
  })

  it('rejects for a fault in the program, for which onError is not called', async () => {
    const reported: Error[] = []
    const fault = new TypeError('a fault')
    const handle = answerErrors(throwing(fault), oauth, (error) => void reported.push(error))
    await expect(handle(requestOf())).rejects.toBe(fault)
    expect(reported).toEqual([])
  })
})

describe('problemOf', () => {
  it('warns of a store failure when there is no onError', async () => {
    const warned = once(process, 'warning')
    expect(problemOf(outage).status).toBe(503)
    await expect(warned).resolves.toEqual([outage])
  })

  it('calls onError for nothing but store failures', () => {
    const reported: Error[] = []
    problemOf(new Problem('not_found', 'Words.'), (error) => void reported.push(error))
    expect(reported).toEqual([])
  })
})

describe('errorResponse', () => {
  it('is JSON that no cache may keep', () => {
    expect(errorResponse(new Problem('not_found', 'Words.'), oauth)).toEqual({
      status: 404,
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
      body: '{"error":"invalid_request","error_description":"Words."}',
    })
  })

  it('has the media type of the dialect', () => {
    const { headers } = errorResponse(new Problem('not_found', 'Words.'), {
      ...oauth,
      errorType: 'application/problem+json',
    })
    expect(headers).toEqual({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' })
  })
})
