import { answerErrors } from './answer-errors.ts'
import { jsonResponse } from './message.ts'
import type { Handler } from './message.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { writeOAuthError } from './oauth-error.ts'
import type { JsonObject } from './read-body.ts'

/** A public document about an issuer or a resource, which has to be served at a path of its host. */
export interface MetadataEndpoint {
  readonly url: string
  /** From the root of the host, e.g. `/.well-known/oauth-protected-resource/v1`. */
  readonly path: string
  /** `GET` and `HEAD`. */
  readonly handle: Handler
}

/**
 * @param url Where the document is, see {@link wellKnownUrl}.
 * @param document What is undefined in it is left out.
 */
export function metadataEndpoint(url: string, document: JsonObject, maxAgeSeconds = 3600): MetadataEndpoint {
  const answer = jsonResponse(200, document, { 'Cache-Control': `public, max-age=${maxAgeSeconds}` })
  const handle: Handler = async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD'])
    return answer
  }
  return { url, path: new URL(url).pathname, handle: answerErrors(handle, writeOAuthError) }
}

/** Puts `/.well-known/{name}` between the host and the path of what it is about (RFC 8414 §3.1, RFC 9728 §3.1). */
export function wellKnownUrl(name: string, about: string): string {
  const { origin, pathname } = new URL(about)
  return `${origin}/.well-known/${name}${pathname === '/' ? '' : pathname}`
}
