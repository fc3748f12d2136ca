import type { Caller } from './caller.ts'
import type { ChallengeOptions } from './challenge.ts'

/** Header values by lower-case name, each as it arrived, like Node's `headersDistinct`. */
export type HttpHeaders = Readonly<Record<string, readonly string[] | undefined>>

/** What a handler needs of a request. An adapter translates its framework's request into this and decides nothing. */
export interface HttpRequest {
  readonly method: string
  /** Below the mount point, still percent-encoded: `/` for the tokens, `/{id}` for one of them. */
  readonly path: string
  /** What follows `?`, still percent-encoded. */
  readonly query: string
  readonly headers: HttpHeaders
  /** The parameters of the path that the handler is mounted under, e.g. `orgID`. */
  readonly params: Readonly<Record<string, unknown>>
  /** Whoever the app authenticated; `null` for nobody. */
  readonly caller: Caller | null
  /** What every challenge says, beside what is wrong. Default nothing. */
  readonly challenge?: Omit<ChallengeOptions, 'scopes'>
  /**
   * The body, called at most once and only where one is wanted: its bytes or text, or what a parser of the app already
   * made of it; `undefined` when there is none. Stops reading at {@link BODY_LIMIT}. A rejection with a `status` of
   * 400, 413 or 415 is the client's fault.
   */
  readBody(): Promise<unknown>
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Answers every request with a response; rejects only for a fault in the program. */
export type Handler = (request: HttpRequest) => Promise<HttpResponse>

/** How many bytes of a body are read: 100 kB. */
export const BODY_LIMIT = 102_400

export function jsonResponse(status: number, body: unknown, headers: HttpResponse['headers'] = {}): HttpResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

/** Tells a client that its request had been carried out before. */
export function replayHeaders(replayed: boolean): HttpResponse['headers'] {
  return replayed ? { 'Idempotent-Replayed': 'true' } : {}
}
