import type { Request, RequestHandler } from 'express'
import { Passport } from 'passport'
import { Strategy } from 'passport-http-bearer'
import type { Row } from '../../harness/group.ts'
import { findActive, rowsBySecret } from '../hash-look-up.ts'
import { middlewareRow } from './middleware-row.ts'

export function passportRow(secrets: readonly string[]): Row {
  const rows = rowsBySecret(secrets)
  const passport = new Passport()
  passport.use(new Strategy((token, done) => done(null, findActive(rows, token) ?? false)))
  const middleware = passport.authenticate('bearer', { session: false }) as RequestHandler
  const note = 'header; its verify function, ours here, is a hash, a Map look-up, revoked and expired'
  const ownerOf = ({ user }: Request) => user && Reflect.get(user, 'owner')
  return middlewareRow('passport-http-bearer, hash look-up', note, middleware, secrets, ownerOf)
}
