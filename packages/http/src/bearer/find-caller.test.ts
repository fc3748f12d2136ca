import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { requestOf } from '../../testing/request.ts'
import type { RequestFacts } from '../../testing/request.ts'
import { paged } from '../dialects/paged.ts'
import { tokenEndpoint } from '../manage/token-endpoint.ts'
import type { Caller, MaybeCaller } from '../message/caller.ts'
import { Problem } from '../message/problem.ts'

const ADA: Caller = { owner: 'acme', scopes: ['tokens:read', 'tokens:write'] }

/** Asks a token endpoint as whoever `caller` finds. */
async function ask(method: string, path: string, caller: () => unknown, facts: RequestFacts = {}) {
  const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
  const origins = ['https://app.example.com']
  const find = tokenEndpoint(tokens, { dialect: paged, origins }, ['list', 'issue', 'suspend'])
  const request = requestOf({ ...facts, method, path, caller: caller as () => MaybeCaller })
  const answer = await find(request)?.(request)
  return { ...answer, json: JSON.parse(answer?.body ?? '') as unknown }
}

const throwing = (thrown: unknown) => () => {
  throw thrown
}

describe('a caller that a handler has to find', () => {
  it('is found from the session, which may take time', async () => {
    await expect(ask('GET', '/', async () => ADA)).resolves.toMatchObject({ status: 200 })
  })

  it.each([null, undefined, false])('is told to sign in if there is none: %s', async (nobody) => {
    const answer = await ask('GET', '/', () => nobody)
    expect(answer).toMatchObject({
      status: 401,
      json: { error: { code: 'unauthorized', message: 'Sign in to go on.' } },
    })
    expect(answer.headers).not.toHaveProperty('WWW-Authenticate')
  })

  it('may be refused by a problem of the app, in the words of the dialect', async () => {
    const locked = new Problem('forbidden', 'Your account is locked.')
    for (const caller of [throwing(locked), () => Promise.reject(locked)])
      await expect(ask('GET', '/', caller)).resolves.toMatchObject({
        status: 403,
        json: { error: { code: 'forbidden', message: 'Your account is locked.' } },
      })
  })

  it('is a fault of the app if it fails, or comes without scopes', async () => {
    const fault = new Error('the login is down')
    await expect(ask('GET', '/', throwing(fault))).rejects.toBe(fault)
    for (const scopes of [undefined, 'tokens:read'])
      await expect(ask('GET', '/', () => ({ ...ADA, scopes }))).rejects.toThrow(TypeError)
  })

  it('hears of a missing scope without a challenge', async () => {
    const answer = await ask('GET', '/', () => ({ ...ADA, scopes: [] }))
    expect(answer).toMatchObject({ status: 403, json: { error: { code: 'insufficient_scope' } } })
    expect(answer.headers).not.toHaveProperty('WWW-Authenticate')
    const json = { name: 'CI', scopes: ['admin'] }
    const beyond = await ask('POST', '/', () => ADA, { json })
    expect(beyond).toMatchObject({ status: 403, json: { error: { code: 'insufficient_scope' } } })
    expect(beyond.headers).not.toHaveProperty('WWW-Authenticate')
  })

  it('changes nothing from a page of another site, but one of the listed origins', async () => {
    const told: unknown[] = []
    const onRefusal: RequestFacts['onRefusal'] = (refused, problem) => void told.push(refused.reason, problem.code)
    const from = (headers: RequestFacts['headers'] = {}) =>
      ask('POST', '/', () => ADA, { json: { name: 'CI', scopes: [] }, headers, onRefusal })
    await expect(from({ 'sec-fetch-site': ['cross-site'] })).resolves.toMatchObject({
      status: 403,
      json: { error: { code: 'forbidden' } },
    })
    expect(told).toEqual(['other_site', 'forbidden'])
    await expect(from({ origin: ['https://evil.test'], host: ['a'] })).resolves.toMatchObject({ status: 403 })
    await expect(from({ origin: ['https://app.example.com'], host: ['a'] })).resolves.toMatchObject({ status: 201 })
    await expect(from()).resolves.toMatchObject({ status: 201 })
    const read = { headers: { 'sec-fetch-site': ['cross-site'] } }
    await expect(ask('GET', '/', () => ADA, read)).resolves.toMatchObject({ status: 200 })
  })

  it('is a person even with the id of a token, unless the request carries that', async () => {
    const cross = { 'sec-fetch-site': ['cross-site'] }
    const token = () => ({ ...ADA, id: 'b3d5f4c2-0d1e-4f3a-8b5c-6d7e8f901234' })
    const suspend = (headers: object) => ask('POST', '/x/suspend', token, { headers: { ...cross, ...headers } })
    await expect(suspend({})).resolves.toMatchObject({ status: 403 })
    await expect(suspend({ authorization: ['Basic YTpi'] })).resolves.toMatchObject({ status: 403 })
    await expect(suspend({ authorization: ['Bearer x'] })).resolves.toMatchObject({ status: 404 })
  })
})
