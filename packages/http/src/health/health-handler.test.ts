import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../message/message.ts'
import { healthHandler, livenessHandler } from './health-handler.ts'

const request = (method = 'GET'): HttpRequest => ({
  method,
  path: '/',
  query: '',
  headers: {},
  params: {},
  caller: null,
  readBody: async () => undefined,
})

describe('healthHandler', () => {
  it('answers 200 as long as the store answers, and 503 without a reason for strangers', async () => {
    const errors: Error[] = []
    const store = memoryStore()
    const broken = { ...store, find: () => Promise.reject(new Error('password authentication failed for "app"')) }
    const onError = (error: Error) => void errors.push(error)
    const answers = []
    for (const each of [store, broken]) {
      const ready = healthHandler(createTokens({ store: each, prefix: 'ot_pat' }), { onError })
      answers.push(await ready(request()))
    }
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }
    expect(answers).toEqual([
      { status: 200, headers, body: '{"status":"ready"}' },
      { status: 503, headers: { ...headers, 'Retry-After': '1' }, body: '{"status":"unavailable"}' },
    ])
    expect(errors).toEqual([expect.objectContaining({ name: 'StoreError' })])
  })

  it('takes GET and HEAD, tokens and known options only', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    expect(await healthHandler(tokens)(request('HEAD'))).toMatchObject({ status: 200 })
    expect(await healthHandler(tokens)(request('POST'))).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } })
    expect(() => healthHandler({} as never)).toThrow('healthHandler: give the tokens')
    expect(() => healthHandler(tokens, { onerror() {} } as never)).toThrow('"onerror"')
  })
})

describe('livenessHandler', () => {
  it('answers without any store', async () => {
    expect(await livenessHandler()(request())).toMatchObject({ status: 200, body: '{"status":"alive"}' })
  })
})
