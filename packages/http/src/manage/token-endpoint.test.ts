import { createTokens } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { beforeEach, describe, expect, it } from 'vitest'
import { OWNER, PERSON } from '../../testing/open-api.ts'
import { requestOf } from '../../testing/request.ts'
import { plain } from '../dialects/plain.ts'
import { tokenEndpoint } from './token-endpoint.ts'
import type { FindTokenHandler, OperationName } from './token-endpoint.ts'

const ALL: readonly OperationName[] = ['list', 'get', 'issue', 'revoke', 'edit', 'rotate', 'suspend', 'resume']
const ACTIONS = ['rotate', 'suspend', 'resume'] as const

describe('tokenEndpoint', () => {
  let tokens: Tokens
  let path: string

  beforeEach(async () => {
    tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const { token } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: [] })
    path = `/${token.id}`
  })

  const serve = (...names: OperationName[]) => tokenEndpoint(tokens, { dialect: plain }, names)
  const ask = (find: FindTokenHandler, method: string, at: string, servedHere?: () => readonly OperationName[]) =>
    find({ method, path: at }, servedHere)?.(requestOf({ method, path: at, caller: PERSON }))

  it.each<[string, unknown]>([
    ['unknown operation "lst"; the operations are list, issue, get, revoke, edit, rotate, suspend, resume', ['lst']],
    ['unknown operation "toString"', ['list', 'toString']],
    ['names must be a list of operations: list, issue', 'list'],
    ['names must be a list of operations', []],
    ['names must be a list of operations', undefined],
  ])('refuses to be built with %s', (message, names) => {
    const build = () => tokenEndpoint(tokens, { dialect: plain }, names as never)
    expect(build).toThrow(TypeError)
    expect(build).toThrow(`tokenEndpoint: ${message}`)
    expect(() => tokenEndpoint(tokens, { dialect: plain, scope: [] } as never, ALL)).toThrow('unknown option "scope"')
  })

  it('serves the operations by method and path', async () => {
    const find = serve(...ALL)
    await expect(ask(find, 'GET', '/')).resolves.toMatchObject({ body: expect.stringContaining('{"tokens":[') })
    await expect(ask(find, 'GET', path)).resolves.toMatchObject({ body: expect.stringContaining('"active"') })
    await expect(ask(find, 'POST', '/')).resolves.toMatchObject({ status: 415 })
    await expect(ask(find, 'PATCH', path)).resolves.toMatchObject({ status: 415 })
    for (const [action, shown] of [
      ['suspend', '"suspended"'],
      ['resume', '"active"'],
      ['rotate', '"secret"'],
    ])
      await expect(ask(find, 'POST', `${path}/${action}`)).resolves.toMatchObject({
        body: expect.stringContaining(shown ?? ''),
      })
    await expect(ask(find, 'DELETE', path)).resolves.toMatchObject({ body: expect.stringContaining('"revoked"') })
  })

  it('serves HEAD like GET', async () => {
    const find = serve(...ALL)
    for (const at of ['/', path]) expect(await ask(find, 'HEAD', at)).toEqual(await ask(find, 'GET', at))
  })

  it('answers another method with 405 and the methods that there are', async () => {
    const find = serve(...ALL)
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get', 'FOO']) {
      const answer = await ask(find, method, '/')
      expect(answer).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD, POST' } })
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
    }
    for (const method of ['PUT', 'POST', 'constructor']) {
      await expect(ask(find, method, path)).resolves.toMatchObject({
        status: 405,
        headers: { Allow: 'GET, HEAD, DELETE, PATCH' },
      })
    }
    for (const action of ACTIONS) {
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
        await expect(ask(find, method, `${path}/${action}`)).resolves.toMatchObject({
          status: 405,
          headers: { Allow: 'POST' },
        })
      }
    }
  })

  it.each(['/a/b', '//a', '/a/b/c/d'])('leaves %s to the app', (at) => {
    for (const method of ['GET', 'POST', 'DELETE', 'PUT']) expect(serve(...ALL)({ method, path: at })).toBeNull()
  })

  it('leaves a path to the app that none of its operations is on', () => {
    expect(serve('revoke')({ method: 'GET', path: '/' })).toBeNull()
    expect(serve('revoke')({ method: 'PUT', path: '/' })).toBeNull()
    expect(ask(serve('list'), 'GET', path)).toBeUndefined()
    expect(serve('rotate')({ method: 'POST', path: `${path}/suspend` })).toBeNull()
    expect(serve('rotate')({ method: 'PATCH', path })).toBeNull()
  })

  it('leaves to an endpoint at the same mount point what that serves', async () => {
    const reading = serve('list', 'get')
    const both = () => ['list', 'get', 'revoke', 'issue'] as const
    expect(reading({ method: 'DELETE', path }, both)).toBeNull()
    expect(serve('suspend')({ method: 'POST', path: `${path}/resume` }, () => ['suspend', 'resume'])).toBeNull()
    await expect(ask(reading, 'GET', path, both)).resolves.toMatchObject({ status: 200 })
  })

  it('names in 405 the methods of all endpoints at its mount point, and of no other', async () => {
    const reading = serve('list', 'get')
    serve(...ALL)
    const here = () => ['issue', 'list', 'get', 'revoke', 'edit'] as const
    await expect(ask(reading, 'PUT', '/', here)).resolves.toMatchObject({ headers: { Allow: 'POST, GET, HEAD' } })
    await expect(ask(reading, 'PUT', path, here)).resolves.toMatchObject({
      headers: { Allow: 'GET, HEAD, DELETE, PATCH' },
    })
    await expect(ask(reading, 'DELETE', path)).resolves.toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } })
  })

  it('rejects for a fault in a dialect, so that the app hears of it', async () => {
    const fault = new TypeError('a fault')
    const readList = () => {
      throw fault
    }
    const find = tokenEndpoint(tokens, { dialect: { ...plain, readList } }, ALL)
    await expect(ask(find, 'GET', '/')).rejects.toBe(fault)
  })
})
