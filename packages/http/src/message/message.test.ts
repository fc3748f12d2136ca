import { describe, expect, it } from 'vitest'
import { BODY_LIMIT, jsonResponse } from './message.ts'

describe('jsonResponse', () => {
  it('is JSON in UTF-8 that no cache may keep', () => {
    expect(jsonResponse(201, { name: 'é' })).toEqual({
      status: 201,
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
      body: '{"name":"é"}',
    })
  })

  it('takes more headers', () => {
    expect(jsonResponse(405, {}, { Allow: 'GET' }).headers).toMatchObject({ Allow: 'GET', 'Cache-Control': 'no-store' })
  })
})

describe('BODY_LIMIT', () => {
  it('is 100 kB', () => {
    expect(BODY_LIMIT).toBe(102_400)
  })
})
