import { badBody, tooLarge, unsupportedCoding, unsupportedType } from './body-problems.ts'
import { codingsOf } from './content-encoding.ts'
import type { HttpRequest } from './message.ts'
import { BODY_LIMIT } from './message.ts'
import { Problem } from './problem.ts'

const JSON_TYPE = 'application/json'

/** A JSON object from the wire. Its names are the client's: read them with `Object.hasOwn`, never by plain access. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * @throws Problem `unsupported_media_type`, `payload_too_large`, or `invalid_request` for anything but one JSON object
 */
export async function readJson(request: HttpRequest): Promise<JsonObject> {
  return asObject(await readBody(request, JSON_TYPE))
}

/** The same for an optional body: an empty object if it has no bytes, whatever its headers announce. */
export async function readOptionalJson(request: HttpRequest): Promise<JsonObject> {
  if (!mayHaveBody(request)) return {}
  const body = await receive(request)
  if (body === undefined || body === '' || (body instanceof Uint8Array && body.length === 0)) return {}
  requireMediaType(request, JSON_TYPE)
  requireDecoded(request)
  return asObject(textOf(body))
}

/**
 * The body to the byte, for a signature over it.
 *
 * @throws Problem like `readJson`, unless it is of bad JSON
 * @throws Error if a parser of the app has read it: its bytes are gone
 */
export async function readSignedBody(request: HttpRequest, mediaType: string): Promise<Uint8Array> {
  requireMediaType(request, mediaType)
  requireIdentity(request)
  const body = await receive(request)
  if (body === undefined) return new Uint8Array()
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) throw parsedBefore()
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  if (bytes.length > BODY_LIMIT) throw tooLarge()
  return bytes
}

function parsedBefore(): Error {
  return new Error('the signed body was parsed before: mount its handler before the parsers of the app')
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
  requireDecoded(request)
  return textOf(await receive(request))
}

async function receive(request: HttpRequest): Promise<unknown> {
  if (Number(request.headers['content-length']?.[0] ?? 0) > BODY_LIMIT) throw tooLarge()
  return request.readBody().catch(rethrowAsProblem)
}

function textOf(body: unknown): unknown {
  return body instanceof Uint8Array ? decode(body) : body
}

function requireDecoded(request: HttpRequest): void {
  if (request.decoded !== true) requireIdentity(request)
}

function requireIdentity({ headers }: HttpRequest): void {
  if (codingsOf(headers['content-encoding']).length > 0) throw unsupportedCoding(['identity'])
}

function requireMediaType(request: HttpRequest, wanted: string): void {
  const [type = '', ...others] = request.headers['content-type'] ?? []
  const [essence = '', ...parameters] = type.split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const utf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  if (essence === wanted && utf8 && others.length === 0) return
  throw unsupportedType(wanted)
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
  if (error instanceof Problem) throw error
  const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : undefined
  if (status === 413) throw tooLarge()
  if (status === 415) throw unsupportedCoding(['identity'])
  if (status === 400) throw badBody('complete')
  throw error
}
