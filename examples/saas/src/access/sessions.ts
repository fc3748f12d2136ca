import type { RequestHandler } from 'express'
import session from 'express-session'
import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import type { Config } from '../config.ts'
import type { Database } from '../data/database.ts'
import { findByEmail, findPerson } from '../data/people.ts'
import type { Person } from '../data/people.ts'
import { SESSION_MS, SessionStore } from '../data/session-store.ts'
import { checkPassword } from './passwords.ts'

declare module 'express-session' {
  interface SessionData {
    /** The organization that the person works in. */
    organization: string
  }
}

declare global {
  namespace Express {
    interface User extends Person {}
  }
}

export interface Sessions {
  /** Finds who signed in, for all that comes after. */
  readonly find: readonly RequestHandler[]
  /** Signs in by the form's `email` and `password`. If they are wrong, the next route answers. */
  readonly signIn: RequestHandler
}

/**
 * Sign-in by address and password, kept in a cookie.
 *
 * - No page reads the cookie (HttpOnly), no other site sends it (SameSite=Lax), and in production no plain HTTP does
 *   (Secure, `__Host-`).
 * - Passport gives a session another id when somebody signs in, so that nobody can plant one.
 */
export function createSessions(database: Database, { sessionSecret, isHttps }: Config): Sessions {
  const passport = new Passport()
  passport.serializeUser<string>(({ id }, done) => done(null, id))
  passport.deserializeUser<string>((id, done) => {
    findPerson(database, id).then((person) => done(null, person ?? false), done)
  })
  passport.use(
    new Strategy({ usernameField: 'email' }, (email, password, done) => {
      checkSignIn(database, email, password).then((person) => done(null, person ?? false), done)
    }),
  )
  const cookies = session({
    name: isHttps ? '__Host-session' : 'session',
    secret: sessionSecret,
    store: new SessionStore(database),
    resave: false,
    saveUninitialized: false,
    proxy: true, // Only for the cookie, see `cameByTls`.
    cookie: { httpOnly: true, sameSite: 'lax', secure: isHttps, path: '/', maxAge: SESSION_MS },
  })
  const check: RequestHandler = (req, res, next) => {
    const done = (error: unknown, person?: Express.User | false | null) => {
      if (error) return next(error)
      if (!person) return next('route')
      req.login(person, next)
    }
    passport.authenticate('local', done)(req, res, next)
  }
  return { find: [...(isHttps ? [cameByTls] : []), cookies, passport.session()], signIn: check }
}

/** TLS ends in front of this process. Behind a proxy that does not say so, people would silently get no cookie. */
const cameByTls: RequestHandler = ({ headers }, _res, next) => {
  headers['x-forwarded-proto'] = 'https'
  next()
}

async function checkSignIn(database: Database, email: string, password: string): Promise<Person | null> {
  // Passport hands on what was sent: two fields of a name are a list.
  if (typeof email !== 'string' || typeof password !== 'string') return null
  const stored = await findByEmail(database, email)
  const isRight = await checkPassword(password, stored?.password ?? null)
  return stored !== null && isRight ? findPerson(database, stored.id) : null
}
