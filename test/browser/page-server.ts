import { createServer } from 'node:http'
import { createTokens } from '@tessera/core'
import type { Tokens, TokenStore } from '@tessera/core'
import { serveHandler } from '@tessera/express'
import type { HttpResponse } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { tokenPage } from '@tessera/token-page'
import type { TokenPageOptions } from '@tessera/token-page'
import express from 'express'

/** An app with the page at `/tokens`, for everybody who has a cookie. */
export interface PageServer {
  readonly url: string
  readonly tokens: Tokens
  /** Everything that the app answered, as text. */
  readonly answers: readonly string[]
  /** Lets every operation of the store fail from now on, or work again. */
  failStore(fails: boolean): void
  close(): Promise<void>
}

export const scopes = {
  'jobs:read': 'Read jobs and their logs',
  'jobs:write': 'Start and cancel jobs',
  'nodes:read': 'See nodes',
}

export async function startPage(
  options: TokenPageOptions = {},
  catalogue: Readonly<Record<string, string>> = scopes,
): Promise<PageServer> {
  const { store, fail } = failingStore(memoryStore())
  const tokens = createTokens({
    store,
    prefix: 'acme_pat',
    scopes: Object.keys(catalogue),
    activeLimit: null,
    onError: () => {},
  })
  const page = tokenPage(tokens, { scopes: catalogue, signIn: '/login', onError: () => {}, ...options })
  const answers: string[] = []
  const noting = Object.assign(async (request: Parameters<typeof page>[0]): Promise<HttpResponse> => {
    const answer = await page(request)
    answers.push(JSON.stringify(answer))
    return answer
  }, page)

  const app = express()
  app.get('/login', (_req, res) => res.cookie('person', 'ada@example.com', { httpOnly: true }).redirect('/tokens'))
  app.use('/tokens', serveHandler(noting, { caller: ({ headers: { cookie = '' } }) => personOf(cookie) }))
  const server = createServer(app).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    tokens,
    answers,
    failStore: fail,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await tokens.close()
    },
  }
}

function personOf(cookie: string) {
  return cookie.includes('person=') && { owner: 'acme', scopes: null, createdBy: 'ada@example.com' }
}

function failingStore(store: TokenStore): { store: TokenStore; fail: (fails: boolean) => void } {
  let isFailing = false
  const failing = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return isFailing && name === 'cache' ? undefined : member
      return (...given: unknown[]) =>
        isFailing ? Promise.reject(new Error('down')) : Reflect.apply(member, target, given)
    },
  })
  return { store: failing, fail: (fails) => void (isFailing = fails) }
}
