import { createTokens } from '@tessera/core'
import type { Tokens, TokensOptions } from '@tessera/core'
import type { Caller, HttpRequest, HttpResponse } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { tokenPage } from '../src/token-page.ts'
import type { TokenPageOptions } from '../src/options.ts'

export const NOW = Date.UTC(2030, 0, 31, 12)
const scopes = { 'jobs:read': 'Read jobs', 'jobs:write': 'Start jobs', 'nodes:read': 'See nodes' }
export const person: Caller = { owner: 'acme', scopes: null, createdBy: 'ada@example.com' }

/** A page at `/tokens` for a person, and ways to visit it. */
export interface Visitor {
  readonly tokens: Tokens
  get(path: string, changes?: Partial<HttpRequest>): Promise<HttpResponse>
  post(
    path: string,
    fields: Readonly<Record<string, string | readonly string[]>>,
    changes?: Partial<HttpRequest>,
  ): Promise<HttpResponse>
}

export function visitor(options: TokenPageOptions = {}, rules: Partial<TokensOptions> = {}): Visitor {
  const tokens = createTokens({
    store: memoryStore(),
    prefix: 'acme_pat',
    scopes: Object.keys(scopes),
    now: () => NOW,
    ...rules,
  })
  const handle = tokenPage(tokens, { scopes, now: () => NOW, ...options })
  const visit = (method: string, path: string, body: string | undefined, changes: Partial<HttpRequest> = {}) => {
    const [pathname = '', query = ''] = path.split('?')
    const headers = body === undefined ? {} : { 'content-type': ['application/x-www-form-urlencoded'] }
    const readBody = async () => body
    return handle({
      method,
      path: pathname,
      mount: '/tokens',
      query,
      headers,
      params: {},
      caller: () => person,
      readBody,
      ...changes,
    })
  }
  return {
    tokens,
    get: (path, changes) => visit('GET', path, undefined, changes),
    post: (path, fields, changes) => visit('POST', path, formOf(fields), changes),
  }
}

function formOf(fields: Readonly<Record<string, string | readonly string[]>>): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) form.append(name, each)
  return form.toString()
}

/** The value of a hidden field, such as the key of a form. */
export function hidden({ body }: HttpResponse, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? ''
}

/** The secret that an answer shows. */
export function secretIn({ body }: HttpResponse): string | undefined {
  return /value="(acme_pat_[^"]+)"/.exec(body)?.[1]
}

/** The key of a form of now. */
export function keyOf(number: number): string {
  return `page:${NOW}:00000000-0000-4000-8000-00000000000${number}`
}
