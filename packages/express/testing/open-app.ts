import express from 'express'
import type { Express } from 'express'
import { caught } from './caught.ts'
import { CI, OWNER, bearer, openTokens } from './open-tokens.ts'
import type { OpenTokens } from './open-tokens.ts'
import { serve } from './serve.ts'
import type { Ask, Reply } from './serve.ts'

/** The one body of JSON that calls send. */
export const CD: string = JSON.stringify({ name: 'CD', scopes: ['jobs:read'] })
export const JSON_TYPE = { 'content-type': 'application/json' }

export interface OpenApp extends OpenTokens {
  /** Of the calling token. */
  readonly id: string
  readonly secret: string
  /** What reached the app's error handler. */
  readonly errors: readonly unknown[]
  readonly ask: Ask
  /** Asks with the calling token, and with {@link CD} where it posts. */
  call(method: string, path: string): Promise<Reply>
}

/** Serves an app with what is mounted in it; behind that, `the app` answers 404, and errors are kept. */
export async function openApp(mount: (app: Express, opened: OpenTokens) => void, owner = OWNER): Promise<OpenApp> {
  const opened = openTokens()
  const { token, secret } = await opened.tokens.issue({ ...CI, owner })
  const { errors, handler } = caught()
  const app = express()
  mount(app, opened)
  app.use((_req, res) => void res.status(404).send('the app'))
  app.use(handler)
  const ask = await serve(app)

  function call(method: string, path: string): Promise<Reply> {
    if (method !== 'POST') return ask(method, path, { headers: bearer(secret) })
    return ask(method, path, { headers: { ...bearer(secret), ...JSON_TYPE }, body: CD })
  }

  return { ...opened, id: token.id, secret, errors, ask, call }
}
