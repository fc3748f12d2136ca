import { hash } from 'node:crypto'
import { checkOptions, wholeNumber } from '@tessera/core'
import { errorResponse, methodNotAllowed, writeOAuthError } from '@tessera/http'
import type { Handler, HttpRequest } from '@tessera/http'
import type { AccessTokens } from './access-tokens.ts'

export interface KeySetHandlerOptions {
  /** How long others may keep the key set. A new key must start later than this. Default 300. */
  readonly maxAgeSeconds?: number
}

/** `GET`: the public keys as a JWK Set, with an `ETag`. Caches may keep it. */
export function keySetHandler(accessTokens: Pick<AccessTokens, 'keySet'>, options: KeySetHandlerOptions = {}): Handler {
  checkOptions('keySetHandler', options, { maxAgeSeconds: wholeNumber(0, 86_400, 'seconds') })
  const { maxAgeSeconds = 300 } = options
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return errorResponse(methodNotAllowed(['GET', 'HEAD']), { writeError: writeOAuthError })
    }
    const body = JSON.stringify(accessTokens.keySet())
    const etag = `"${hash('sha256', body, 'base64url')}"`
    const headers = { 'Cache-Control': `public, max-age=${maxAgeSeconds}`, ETag: etag }
    if (isKnown(request, etag)) return { status: 304, headers, body: '' }
    return { status: 200, headers: { 'Content-Type': 'application/jwk-set+json', ...headers }, body }
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
function isKnown({ headers }: HttpRequest, etag: string): boolean {
  const known = (headers['if-none-match'] ?? []).flatMap((value) => value.split(','))
  return known.some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()))
}
