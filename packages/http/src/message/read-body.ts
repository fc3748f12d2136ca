import type { HttpRequest } from './message.ts'
import { BODY_LIMIT } from './message.ts'
import { Problem } from './problem.ts'

/** A JSON object from the wire. Its names are the client's: read them with `Object.hasOwn`, never by plain access. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * @throws Problem `unsupported_media_type`, `payload_too_large`, or `invalid_request` for anything but one JSON object
 */
export async function readJson(request: HttpRequest): Promise<JsonObject> {
  return asObject(await readBody(request, 'application/json'))
}

/** The same for an optional body: an empty object if it is missing. */
export async function readOptionalJson(request: HttpRequest): Promise<JsonObject> {
  const body = mayHaveBody(request) ? await readBody(request, 'application/json') : ''
  return body === '' || body === undefined ? {} : asObject(body)
}

/** A request has a body if its headers give a length or a type (RFC 9110 §8.3, §8.6). */
function mayHaveBody({ headers }: HttpRequest): boolean {
  const { 'content-length': length, 'transfer-encoding': coding, 'content-type': type } = headers
  if (length !== undefined) return length.some((each) => each !== '0')
  return coding !== undefined || type !== undefined
}

/** The body as text, or the value made of it by a parser of the app. */
export async function readBody(request: HttpRequest, mediaType: string): Promise<unknown> {
  requireMediaType(request, mediaType)
  if (Number(request.headers['content-length']?.[0] ?? 0) > BODY_LIMIT) throw tooLarge()
  const body = await request.readBody().catch(rethrowAsProblem)
  if (body instanceof Uint8Array) return decode(body)
  return body
}

function requireMediaType(request: HttpRequest, wanted: string): void {
  const [type = '', ...others] = request.headers['content-type'] ?? []
  const [essence = '', ...parameters] = type.split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const utf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  if (essence === wanted && utf8 && others.length === 0) return
  throw new Problem('unsupported_media_type', `The body must be ${wanted} in UTF-8.`)
}

function asObject(body: unknown): JsonObject {
  const value = typeof body === 'string' ? parseJson(body) : body
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badBody('a JSON object')
  return value as JsonObject
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > BODY_LIMIT) throw tooLarge()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badBody('UTF-8')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the body, which may hold a secret.
    throw badBody('valid JSON')
  }
}

function rethrowAsProblem(error: unknown): never {
  const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : undefined
  if (status === 413) throw tooLarge()
  if (status === 415) throw new Problem('unsupported_media_type', 'The encoding of the body is not supported.')
  if (status === 400) throw badBody('complete')
  throw error
}

function tooLarge(): Problem {
  return new Problem('payload_too_large', `The body must be at most ${BODY_LIMIT} bytes.`)
}

function badBody(right: string): Problem {
  return new Problem('invalid_request', `The body must be ${right}.`)
}
