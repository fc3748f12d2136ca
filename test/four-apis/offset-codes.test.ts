import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { timeOrderedIds } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { apis, createAllTokens } from '../../examples/four-apis/src/apis.ts'
import { createApp } from '../../examples/four-apis/src/app.ts'

interface Refused {
  readonly status: number
  readonly method?: string
  readonly path?: string
  readonly secret?: string | null
  readonly key?: string
  readonly body?: string
}

const { path: list, owner } = apis.offset
const UNKNOWN = timeOrderedIds.generate(0)

describe('the thirteen codes of offset', () => {
  const memory = memoryStore()
  const outage = { on: false }
  const store: TokenStore = {
    ...memory,
    async findByDigest(...args) {
      if (outage.on) throw new Error('connection lost')
      return memory.findByDigest(...args)
    },
  }
  const tokens = createAllTokens({ store })
  const server = createServer(createApp(tokens))
  let caller = { id: '', secret: '' }

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { token, secret } = await tokens.offset.issue({ owner, name: 'CI', scopes: [] })
    caller = { id: token.id, secret }
  })

  afterAll(async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
  })

  async function ask({ method = 'GET', path = '', secret = caller.secret, key, body }: Omit<Refused, 'status'>) {
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}${list}${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(secret !== null && { Authorization: `Bearer ${secret}` }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(body !== undefined && { body }),
    })
    return { status: answer.status, body: await answer.json() }
  }

  const refused = (status: number, code: string) => ({
    status,
    body: { status: 'error', code, message: expect.any(String) as string },
  })

  const CI = '{"name":"CI","scopes":[]}'
  it.each<[code: string, Refused]>([
    ['bad_request', { status: 400, method: 'POST', body: '{' }],
    ['bad_authtoken', { status: 401, secret: 'nonsense' }],
    ['not_authenticated', { status: 401, secret: null }],
    ['not_permitted', { status: 403, method: 'POST', body: '{"name":"CI","scopes":["person:read"]}' }],
    ['not_implemented', { status: 405, method: 'PUT' }],
    ['not_found', { status: 404, path: `/${UNKNOWN}` }],
    ['unexpected_ref_type', { status: 404, path: '/ci' }],
    ['invalid_value', { status: 400, path: '?pagination[page_size]=0' }],
    ['required_value', { status: 400, method: 'PATCH', path: `/${UNKNOWN}`, body: '{}' }],
  ])('include %s', async (code, { status, ...request }) => {
    expect(await ask(request)).toEqual(refused(status, code))
  })

  it('include invalid_action', async () => {
    const { token } = await tokens.offset.issue({ owner, name: 'CI', scopes: [] })
    await tokens.offset.revoke(owner, token.id)
    for (const action of ['suspend', 'resume', 'rotate']) {
      expect(await ask({ method: 'POST', path: `/${token.id}/${action}` })).toEqual(refused(409, 'invalid_action'))
    }
    expect(await ask({ method: 'PATCH', path: `/${token.id}`, body: '{"name":"A"}' })).toEqual(
      refused(409, 'invalid_action'),
    )
  })

  it('include idempotency_key_already_used', async () => {
    expect(await ask({ method: 'POST', body: CI, key: 'a' })).toMatchObject({ status: 201 })
    const path = `/${caller.id}/resume`
    expect(await ask({ method: 'POST', path, key: 'a' })).toEqual(refused(409, 'idempotency_key_already_used'))
    const query = '?idempotency_key=a'
    expect(await ask({ method: 'POST', path: path + query })).toEqual(refused(409, 'idempotency_key_already_used'))
  })

  it('include unexpected, while the store does not answer', async () => {
    outage.on = true
    expect(await ask({})).toEqual(refused(503, 'unexpected'))
    outage.on = false
  })

  it('include unknown, for a fault that the operator hears of', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { list: whole } = tokens.offset
    const fault = new TypeError('a fault')
    tokens.offset.list = () => Promise.reject(fault)
    expect(await ask({})).toEqual(refused(500, 'unknown'))
    expect(log.mock.calls).toEqual([[fault]])
    log.mockRestore()
    tokens.offset.list = whole
  })
})
