import { createTokens } from '@tessera/core'
import type { Tokens, TokensOptions } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import type { Dialect } from '../src/dialects/dialect.ts'
import type { HandlerOptions } from '../src/manage/operation.ts'
import { operationNames, tokenEndpoint } from '../src/manage/token-endpoint.ts'
import type { Caller } from '../src/message/caller.ts'
import { breakable } from './breakable-store.ts'
import type { Breakable } from './breakable-store.ts'
import { requestOf } from './request.ts'
import type { RequestFacts } from './request.ts'

export const NOW: number = Date.UTC(2026, 5, 12, 10, 0, 0, 678)
export const OWNER = '2f6a1c08-5d3b-4e7f-9a41-7c0d8e5b1a01'
export const OTHER_OWNER = '2f6a1c08-5d3b-4e7f-9a41-7c0d8e5b1a02'

/** Somebody of {@link OWNER} whom scopes do not limit. */
export const PERSON: Caller = { owner: OWNER, scopes: null }

/** An answer as a client reads it. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly json: unknown
}

/** All operations of one API, on a memory store, under a clock that stands still until a test moves it. */
export interface OpenApi {
  readonly tokens: Tokens
  readonly clock: { now: number }
  readonly outage: Breakable['outage']
  /** The failures that the API reported. */
  readonly reported: readonly Error[]
  /** Asks as {@link PERSON}, unless the request says who asks. */
  call(method: string, path?: string, facts?: RequestFacts): Promise<Answer>
}

export function openApi(
  dialect: Dialect,
  options: Partial<TokensOptions> = {},
  handling: Pick<HandlerOptions, 'mayOutlive' | 'attributes'> = {},
): OpenApi {
  const { store, outage } = breakable(memoryStore())
  const clock = { now: NOW }
  const tokens = createTokens({ store, prefix: 'ot_pat', now: () => clock.now, ...options })
  const reported: Error[] = []
  const onError = (error: Error) => void reported.push(error)
  const find = tokenEndpoint(tokens, { dialect, onError, ...handling }, operationNames)

  async function call(method: string, path = '/', facts: RequestFacts = {}): Promise<Answer> {
    const request = requestOf({ caller: PERSON, params: { orgID: OWNER }, ...facts, method, path })
    const handle = find(request)
    if (handle === null) throw new Error(`${method} ${path} is not the API's to answer`)
    const { status, headers, body } = await handle(request)
    return { status, headers, text: body, json: JSON.parse(body) }
  }

  return { tokens, clock, outage, reported, call }
}
