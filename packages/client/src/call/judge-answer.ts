import { ClientError } from '../wire/client-error.ts'
import { isObject } from '../wire/read-token.ts'
import type { JsonObject } from '../wire/read-token.ts'
import type { Answer } from './send-once.ts'

/** What came of one try. `isPassing`: the same request may be answered otherwise in a while. */
export type Judgement =
  | { readonly ok: true; readonly body: JsonObject; readonly headers: Headers }
  | { readonly ok: false; readonly error: ClientError; readonly isPassing: boolean }

/** 429 only with `Retry-After`: the server's own says that there are too many keys, for hours. */
const PASSING: ReadonlySet<number> = new Set([502, 503, 504])

/** @param now In epoch milliseconds, for a `Retry-After` with a date. */
export function judgeAnswer({ status, headers, text }: Answer, now: number): Judgement {
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')
  const body = isJson ? parse(text) : undefined
  if (isJson && body === undefined)
    return refused(new ClientError('no_answer', 'The JSON of the answer ends too early.', { status }), true)
  if (status >= 200 && status < 300) {
    if (isObject(body)) return { ok: true, body, headers }
    return refused(unexpected(status, 'The answer is no JSON object: is "url" the path of the tokens?'), false)
  }
  if (status < 400)
    return refused(unexpected(status, 'The answer is a redirect: give the URL that it leads to.'), false)
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), now)
  const isPassing = PASSING.has(status) || (status === 429 && retryAfterMs !== null)
  return refused(isObject(body) ? problemOf(status, body, retryAfterMs) : noProblem(status, retryAfterMs), isPassing)
}

function refused(error: ClientError, isPassing: boolean): Judgement {
  return { ok: false, error, isPassing }
}

/** `undefined` for other text than JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Reads a problem document, or the error of an OAuth endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
function problemOf(status: number, body: JsonObject, retryAfterMs: number | null): ClientError {
  const { type: _type, title, status: _status, code, detail, error, error_description, ...facts } = body
  const found = [code, error].find((each) => typeof each === 'string')
  if (typeof found !== 'string') return noProblem(status, retryAfterMs)
  const text = [detail, error_description, title].find((each) => typeof each === 'string')
  return new ClientError(found, typeof text === 'string' ? text : '', { status, facts, retryAfterMs })
}

function noProblem(status: number, retryAfterMs: number | null): ClientError {
  return unexpected(
    status,
    `The answer ${status} has no problem document: is it from the server of the tokens?`,
    retryAfterMs,
  )
}

function unexpected(status: number, detail: string, retryAfterMs: number | null = null): ClientError {
  return new ClientError('unexpected_answer', detail, { status, retryAfterMs })
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const until = Date.parse(value)
  return Number.isNaN(until) ? null : Math.max(0, until - now)
}
