import { answerErrors } from '../dialects/answer-errors.ts'
import { jsonResponse } from '../message/message.ts'
import type { Handler } from '../message/message.ts'
import { methodNotAllowed } from '../message/method-not-allowed.ts'
import type { JsonObject } from '../message/read-body.ts'
import { writeOAuthError } from './oauth-error.ts'

/** A public document about an issuer or a resource, for a fixed path of its host. */
export interface MetadataEndpoint {
  readonly url: string
  /** From the root of the host, e.g. `/.well-known/oauth-protected-resource/v1`. */
  readonly path: string
  /** `GET` and `HEAD`. */
  readonly handle: Handler
}

/**
 * @param url The URL of the document, see {@link wellKnownUrl}.
 * @param document Undefined fields are left out.
 */
export function metadataEndpoint(url: string, document: JsonObject, maxAgeSeconds = 3600): MetadataEndpoint {
  const answer = jsonResponse(200, document, { 'Cache-Control': `public, max-age=${maxAgeSeconds}` })
  const handle: Handler = async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD'])
    return { ...answer, headers: { ...answer.headers } }
  }
  return { url, path: new URL(url).pathname, handle: answerErrors(handle, { writeError: writeOAuthError }) }
}

/** Puts `/.well-known/{name}` between host and path of its subject (RFC 8414 §3.1, RFC 9728 §3.1). */
export function wellKnownUrl(name: string, about: string): string {
  const { origin, pathname } = new URL(about)
  return `${origin}/.well-known/${name}${pathname === '/' ? '' : pathname}`
}
