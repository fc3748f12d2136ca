import type { CalledRequest } from '../src/bearer/find-caller.ts'
import type { GateRequest } from '../src/gate/gate-request.ts'
import type { HttpHeaders, HttpRequest } from '../src/message/message.ts'

export interface RequestFacts extends Partial<Omit<HttpRequest, 'readBody'>> {
  /** What `readBody` resolves with, unless it is JSON. */
  readonly body?: unknown
  /** Sent as JSON, with the headers that go with it. */
  readonly json?: unknown
}

/** A `GET /` of nobody, but for what a test is about. */
export function requestOf({ body, json, headers = {}, ...facts }: RequestFacts = {}): HttpRequest {
  const sent = json === undefined ? body : new TextEncoder().encode(JSON.stringify(json))
  const all: HttpHeaders = json === undefined ? headers : { 'content-type': ['application/json'], ...headers }
  return {
    method: 'GET',
    path: '/',
    query: '',
    params: {},
    caller: null,
    ...facts,
    headers: all,
    readBody: async () => sent,
  }
}

/** The same, as far as a gate looks at it. */
export function gateRequestOf(facts: RequestFacts = {}): GateRequest {
  const { method, query, headers } = requestOf(facts)
  return { method, query, headers }
}

/** The same once its caller was looked for. */
export function calledOf(facts: RequestFacts & { readonly caller?: CalledRequest['caller'] } = {}): CalledRequest {
  return { ...requestOf(facts), caller: facts.caller ?? null }
}
