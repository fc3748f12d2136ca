import type { IncomingMessage, ServerResponse } from 'node:http'
import { guardOf } from './guard-options.ts'
import type { LeakGuardOptions } from './guard-options.ts'
import { guardResponse } from './guard-response.ts'

/** A middleware of Express, and of every server on Node's own requests and responses. */
export type LeakGuard = (
  request: IncomingMessage & { readonly originalUrl?: string },
  response: ServerResponse,
  next: () => void,
) => void

/**
 * Builds a middleware that lets no secret out, in headers or body, but where secrets are made. A response with one is
 * answered with 500 instead. If some of it was sent already, the connection is cut.
 *
 * - Only secrets with a right checksum count. Pieces of a stream are looked at across their ends.
 * - A request for a range gets the whole. Of an answer to HEAD the headers are looked at: its body is never sent.
 * - Mount it after a compression, so that it sees the text.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example app.use(leakGuard({ prefixes: ['acme_pat'], except: ({ url }) => url.startsWith('/api/tokens') }))
 */
export function leakGuard(options: LeakGuardOptions): LeakGuard {
  const guard = guardOf('leakGuard', options)
  return (request, response, next) => {
    const asked = { method: request.method ?? '', url: request.originalUrl ?? request.url ?? '' }
    if (!guard.isExcepted(asked)) {
      // Two ranges of a body may cut a secret in two. A server may answer the whole (RFC 9110 §14.2).
      delete request.headers.range
      guardResponse(response, guard, (secret) => guard.report(asked, secret))
    }
    next()
  }
}
