import { expect } from 'vitest'
import { parseJson } from './answer.ts'
import type { Answer } from './answer.ts'
import { exchange } from './connection.ts'
import type { AnnouncedApi, Announcement } from './four-apis-server.ts'
import { wires } from './wire.ts'
import type { ApiName, Wire } from './wire.ts'
import { writeRequest } from './write-request.ts'

/** A record on the wire, with the keys that all or several APIs have. */
export interface WireRecord {
  readonly id: string
  readonly [key: string]: unknown
}

export interface CallOptions {
  /** Default the seeded `caller`; `null` for no credentials. */
  readonly secret?: string | null
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly json?: unknown
  readonly body?: string | Uint8Array
}

/** One of the four APIs on a running server. What depends on the server can be read once it runs. */
export interface ApiUnderTest {
  readonly name: ApiName
  readonly wire: Wire
  readonly facts: AnnouncedApi
  item(id: string): string
  /** The bytes of a request. */
  request(method: string, path: string, options?: CallOptions): Buffer
  /** The same, sent on a connection of its own. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** The records of one page, of which the query may say more. */
  list(query?: string, options?: CallOptions): Promise<WireRecord[]>
  issue(fields?: object, options?: CallOptions): Promise<{ secret: string; record: WireRecord }>
  get(id: string, options?: CallOptions): Promise<WireRecord>
  revoke(id: string, options?: CallOptions): Promise<WireRecord>
  /** The successor of a token, with its secret. */
  rotate(id: string, options?: CallOptions): Promise<{ secret: string; record: WireRecord }>
  suspend(id: string, options?: CallOptions): Promise<WireRecord>
  resume(id: string, options?: CallOptions): Promise<WireRecord>
  edit(id: string, json: object, options?: CallOptions): Promise<WireRecord>
  /** The record in an answer that holds one. */
  recordIn(answer: Answer): WireRecord
  /** The status of a call with this secret to the route that the API protects. */
  statusOf(secret: string): Promise<number>
}

export function apiUnderTest(name: ApiName, announcement: () => Announcement): ApiUnderTest {
  const wire = wires[name]
  const facts = (): AnnouncedApi => announcement().apis[name]
  const item = (id: string): string => facts().item.replace('{id}', id)

  function request(method: string, path: string, options: CallOptions = {}): Buffer {
    const { secret = facts().tokens.caller.secret, headers = [], json } = options
    const credentials = secret === null ? [] : [['Authorization', `Bearer ${secret}`] as const]
    const mediaType = json === undefined ? [] : [['Content-Type', 'application/json'] as const]
    const body = json === undefined ? options.body : JSON.stringify(json)
    return writeRequest({ method, path, headers: [...credentials, ...mediaType, ...headers], ...(body && { body }) })
  }

  const call = (method: string, path: string, options?: CallOptions): Promise<Answer> =>
    exchange(announcement().url, request(method, path, options))

  async function callWell(status: number, ...args: Parameters<typeof call>): Promise<Answer> {
    const answer = await call(...args)
    expect(answer).toMatchObject({ status })
    return answer
  }

  async function issued(path: string, options?: CallOptions): Promise<{ secret: string; record: WireRecord }> {
    const answer = await callWell(201, 'POST', path, options)
    return { secret: parseJson<{ secret: string }>(answer).secret, record: recordIn(answer) }
  }

  const recordIn = (answer: Answer): WireRecord =>
    parseJson<Record<string, WireRecord>>(answer)[wire.names.record] ?? { id: '' }

  return {
    name,
    wire,
    get facts() {
      return facts()
    },
    item,
    request,
    call,
    recordIn,
    async list(query = '', options) {
      const answer = await callWell(200, 'GET', facts().list + query, options)
      return parseJson<Record<string, WireRecord[]>>(answer)[wire.names.list] ?? []
    },
    issue(fields = {}, options) {
      return issued(facts().list, { json: { name: 'A token', scopes: wire.scopes, ...fields }, ...options })
    },
    rotate: (id, options) => issued(`${item(id)}/rotate`, options),
    suspend: async (id, options) => recordIn(await callWell(200, 'POST', `${item(id)}/suspend`, options)),
    resume: async (id, options) => recordIn(await callWell(200, 'POST', `${item(id)}/resume`, options)),
    edit: async (id, json, options) => recordIn(await callWell(200, 'PATCH', item(id), { json, ...options })),
    get: async (id, options) => recordIn(await callWell(200, 'GET', item(id), options)),
    revoke: async (id, options) => recordIn(await callWell(200, 'DELETE', item(id), options)),
    statusOf: async (secret) => (await call('GET', facts().protected, { secret })).status,
  }
}
