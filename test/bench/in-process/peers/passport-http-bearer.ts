import type { Request, RequestHandler } from 'express'
import { Passport } from 'passport'
import { Strategy } from 'passport-http-bearer'
import { findActive, rowsBySecret } from '../hash-look-up.ts'
import type { Middleware } from './middleware-row.ts'

export function passportMiddleware(secrets: readonly string[]): Middleware {
  const rows = rowsBySecret(secrets)
  const passport = new Passport()
  passport.use(new Strategy((token, done) => done(null, findActive(rows, token) ?? false)))
  return {
    name: 'passport-http-bearer, hash look-up',
    note: 'header; its verify function, ours here, is a hash, a Map look-up, revoked and expired',
    handler: passport.authenticate('bearer', { session: false }) as RequestHandler,
    tokens: secrets,
    ownerOf: ({ user }: Request) => user && Reflect.get(user, 'owner'),
  }
}
