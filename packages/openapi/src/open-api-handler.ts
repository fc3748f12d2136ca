import { createHash } from 'node:crypto'
import { answerErrors, jsonResponse, methodNotAllowed, writeOAuthError } from '@tessera/http'
import type { Handler } from '@tessera/http'

/**
 * Serves a document, or any plain object like one: `GET` and `HEAD`, with an `ETag`. A client that has it already gets 304
 * (RFC 9110 §13.1.2). It sends no headers for other origins.
 *
 * @throws TypeError for anything but a document of OpenAPI 3
 */
export function openApiHandler(document: {
  readonly openapi: string
  readonly info: object
  readonly paths: object
}): Handler {
  check(document)
  const answer = jsonResponse(200, document)
  const etag = `"${createHash('sha256').update(answer.body).digest('base64url').slice(0, 27)}"`
  const headers = { 'Cache-Control': 'no-cache', ETag: etag }
  const handle: Handler = async ({ method, headers: asked }) => {
    if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD'])
    if (hasIt(asked['if-none-match'] ?? [], etag)) return { status: 304, headers: { ...headers }, body: '' }
    return { ...answer, headers: { ...answer.headers, ...headers } }
  }
  return answerErrors(handle, { writeError: writeOAuthError })
}

/** Weakly compared, as RFC 9110 §13.1.2 has it. */
function hasIt(values: readonly string[], etag: string): boolean {
  const tags = values.flatMap((value) => value.split(',')).map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(etag)
}

function check(document: unknown): void {
  const { openapi, info, paths } = Object(document) as Readonly<Record<string, unknown>>
  const isWhole = [info, paths].every((value) => typeof value === 'object' && value !== null)
  if (isWhole && typeof openapi === 'string' && openapi.startsWith('3.')) return
  throw new TypeError('openApiHandler: give a document of OpenAPI 3, such as openApi() returns')
}
