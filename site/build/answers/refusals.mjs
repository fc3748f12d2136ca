import { Problem, errorResponse, offset, problemOf } from '@tessera/http'
import { OWNER, openStage } from './stage.mjs'

/**
 * @typedef {Awaited<ReturnType<typeof openStage>>} Stage
 * @typedef {import('@tessera/http').HttpResponse} Answer
 * @typedef {import('@tessera/http').ProblemCode} ProblemCode
 */

const UNKNOWN = 'b4f0c0de-0000-4000-8000-0000000000ff'

/**
 * A request that each problem answers; `null` in dialects that have no such request.
 *
 * @type {Readonly<Record<ProblemCode, (stage: Stage) => Promise<Answer | null>>>}
 */
const PROVOKED = {
  invalid_request: ({ ask, first }) => ask({ method: 'GET', authorization: [bearer(first), bearer(first)] }),
  invalid_parameter: ({ ask }) => ask({ method: 'POST', json: { name: 7, scopes: [] } }),
  missing_parameter: ({ ask }) => ask({ method: 'POST', json: { scopes: [] } }),
  malformed_reference: async ({ ask, dialect }) =>
    dialect === offset ? ask({ method: 'GET', query: 'account_id=acme' }) : null,
  unauthenticated: ({ ask }) => ask({ method: 'GET', authorization: [] }),
  invalid_token: async ({ ask, first, tokens }) => {
    await tokens.revoke(OWNER, first.token.id)
    return ask({ method: 'GET', authorization: [bearer(first)] })
  },
  insufficient_scope: ({ ask, first }) => ask({ method: 'GET', authorization: [bearer(first)], scope: 'jobs:write' }),
  forbidden: ({ ask, first }) => ask({ method: 'DELETE', path: `/${first.token.id}`, ...FROM_ANOTHER_SITE }),
  not_found: ({ ask }) => ask({ method: 'GET', path: `/${UNKNOWN}` }),
  malformed_id: ({ ask }) => ask({ method: 'GET', path: '/CI' }),
  method_not_allowed: ({ ask }) => ask({ method: 'PUT', path: '/' }),
  active_limit_reached: ({ ask }) => ask({ method: 'POST', json: { name: 'One more', scopes: [] } }),
  idempotency_conflict: async ({ ask, first }) => {
    const headers = { 'idempotency-key': ['c0ffee'] }
    await ask({ method: 'POST', path: `/${first.token.id}/suspend`, headers })
    return ask({ method: 'POST', path: `/${first.token.id}/resume`, headers })
  },
  invalid_transition: async ({ ask, first, tokens }) => {
    await tokens.revoke(OWNER, first.token.id)
    return ask({ method: 'POST', path: `/${first.token.id}/resume` })
  },
  payload_too_large: ({ ask }) => ask({ method: 'POST', body: ' '.repeat(200_000) }),
  unsupported_media_type: ({ ask }) =>
    ask({ method: 'POST', json: { name: 'CI' }, headers: { 'content-type': ['text/plain'] } }),
  idempotency_limit_reached: async ({ dialect }) => errorResponse(problemOf(await outOfKeys()), dialect),
  internal: async ({ dialect }) => errorResponse(new Problem('internal', 'Something went wrong.'), dialect),
  unavailable: ({ ask, first, outage }) => {
    outage.isOn = true
    return ask({ method: 'GET', path: `/${first.token.id}` })
  },
}

/** @type {Promise<unknown> | undefined} */
let refused

/** What core throws to an owner that has used all its keys. Made once: it takes all of them. */
function outOfKeys() {
  refused ??= openStage(offset).then(async ({ tokens, first }) => {
    for (let key = 0; ; key += 1) {
      const attempt = tokens.suspend(OWNER, first.token.id, { idempotencyKey: `attempt-${key}` })
      const error = await attempt.then(
        () => null,
        (thrown) => thrown,
      )
      if (error !== null) return error
    }
  })
  return refused
}

const FROM_ANOTHER_SITE = { headers: { 'sec-fetch-site': ['cross-site'] } }

/**
 * What a dialect answers for a problem, to a request that has it; `null` if it has no such request.
 *
 * @param {ProblemCode} code
 * @param {import('@tessera/http').Dialect} dialect
 */
export async function refusalOf(code, dialect) {
  return PROVOKED[code](await openStage(dialect))
}

/** @param {{ secret: string }} issued */
function bearer({ secret }) {
  return `Bearer ${secret}`
}
