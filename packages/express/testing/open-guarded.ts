import express from 'express'
import type { RequestHandler } from 'express'
import { findAuth } from '../src/auth.ts'
import type { AuthenticateOptions } from '../src/authenticate-options.ts'
import { authenticate } from '../src/authenticate.ts'
import { caught } from './caught.ts'
import { CI, openTokens } from './open-tokens.ts'
import type { OpenTokens } from './open-tokens.ts'
import { serve } from './serve.ts'
import type { Ask } from './serve.ts'

export interface Guarded extends OpenTokens {
  readonly id: string
  readonly secret: string
  /** What reached the app's error handler, which answers below `/handled` only. */
  readonly errors: readonly unknown[]
  readonly ask: Ask
}

/** An app that answers who is calling, once `authenticate` has let the request through. */
export async function openGuarded(
  options: AuthenticateOptions = {},
  ...before: readonly RequestHandler[]
): Promise<Guarded> {
  const { tokens, outage } = openTokens()
  const { token, secret } = await tokens.issue(CI)
  const { errors, handler } = caught()
  const app = express()
  for (const each of before) app.use(each)
  app.use(authenticate(tokens, options), (req, res) => void res.json({ owner: findAuth(req)?.owner ?? null }))
  app.use('/handled', handler)
  return { tokens, outage, id: token.id, secret, errors, ask: await serve(app) }
}
