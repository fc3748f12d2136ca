import { findCaller } from '@tessera/express'
import type { Request, RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { emailOf } from '../data/people.ts'

const MINUTE_MS = 60_000
const QUARTER_MS = 15 * MINUTE_MS
const common = { standardHeaders: 'draft-8', legacyHeaders: false } as const
const addressOf = ({ ip = '' }: Request) => ipKeyGenerator(ip)

/** So many requests a minute for each token, and for each person who signed in. A token has its limit in its attributes. */
export function limitTokens(): RequestHandler {
  return rateLimit({
    ...common,
    windowMs: MINUTE_MS,
    keyGenerator: (req) => findCaller(req)?.id ?? findCaller(req)?.owner ?? addressOf(req),
    limit: (req) => Number(findCaller(req)?.attributes?.['requestsPerMinute'] ?? 60),
    handler: answerTooMany,
  })
}

/** So many requests a minute from one address that nobody's token and nobody's session permits. */
export function limitRefused(): RequestHandler {
  return rateLimit({
    ...common,
    windowMs: MINUTE_MS,
    keyGenerator: addressOf,
    limit: 300,
    standardHeaders: false, // Those of the token's own limit are the ones to keep to.
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_req, { statusCode }) => statusCode !== 401,
    handler: answerTooMany,
  })
}

/**
 * Five wrong passwords from one address for an account in a quarter of an hour, fifty for it from anywhere, and a hundred from
 * one address for any. So nobody is shut out by somebody else with a few requests.
 */
export function limitSignIn(): readonly RequestHandler[] {
  const wrong = { ...common, windowMs: QUARTER_MS, skipSuccessfulRequests: true, message: TOO_MANY }
  return [
    rateLimit({ ...wrong, limit: 100, keyGenerator: addressOf }),
    rateLimit({ ...wrong, limit: 50, keyGenerator: accountOf }),
    rateLimit({ ...wrong, limit: 5, keyGenerator: (req) => `${addressOf(req)} ${accountOf(req)}` }),
  ]
}

/** Forms that cost much, by address: each new account hashes a password. */
export function limitSignUp(): RequestHandler {
  return rateLimit({ ...common, windowMs: QUARTER_MS, limit: 50, keyGenerator: addressOf, message: TOO_MANY })
}

const accountOf = ({ body }: Request) => emailOf(String(body?.email)).slice(0, 255)

const answerTooMany: RequestHandler = (_req, res) => {
  const problem = { type: 'about:blank', title: 'Too Many Requests', status: 429, code: 'rate_limited' }
  res.status(429).type('application/problem+json')
  res.send(JSON.stringify({ ...problem, detail: 'Too many requests. Wait as long as Retry-After says.' }))
}

const TOO_MANY = 'Too many attempts. Try again in a quarter of an hour.'
