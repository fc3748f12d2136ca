import type { ContextSource, Requirements } from '@tessera/core'
import type { Caller, FindCaller } from './caller.ts'
import type { ChallengeOptions } from './challenge-options.ts'
import type { Problem } from './problem.ts'
import type { RefusedRequest } from './refused-request.ts'

/** Header values by lower-case name, each as it arrived, like Node's `headersDistinct`. */
export type HttpHeaders = Readonly<Record<string, readonly string[] | undefined>>

/** A request as handlers see it. An adapter translates its framework's request into this, and decides nothing. */
export interface HttpRequest {
  readonly method: string
  /** Below the mount point, still percent-encoded: `/` for the tokens, `/{id}` for one of them. */
  readonly path: string
  /** The path of the mount point, still percent-encoded: empty at the root. With it, a new token has a `Location`. */
  readonly mount?: string | undefined
  /** The text after `?`, still percent-encoded. */
  readonly query: string
  readonly headers: HttpHeaders
  /** The parameters of the mount path, e.g. `orgID`. */
  readonly params: Readonly<Record<string, unknown>>
  /**
   * Whoever the app authenticated; `null` for nobody. A function finds a person who signed in, once and only if wanted:
   * nobody is then told to sign in, without a Bearer challenge, and changes that another site asks for are refused.
   */
  readonly caller: Caller | null | FindCaller
  /** The client's address, if the adapter knows it. Without one, a calling token with networks may change nothing. */
  readonly ip?: string | null | undefined
  /** What was asked of the calling token's scopes before. Each change asks it again. Default nothing. */
  readonly requirements?: readonly Requirements[] | undefined
  /** Where it came from, for the events. Default only `ip`. */
  readonly context?: ContextSource | undefined
  /** Called with a refusal of the caller. For the app, and never for the client. Default nothing. */
  readonly onRefusal?: ((refused: RefusedRequest, problem: Problem) => unknown) | undefined
  /** The additions to every challenge. Default none. */
  readonly challenge?: Omit<ChallengeOptions, 'scopes'>
  /**
   * Whether `readBody` gives the body without the codings of its `Content-Encoding`. Default false: a body in any coding is
   * then refused with 415.
   */
  readonly decoded?: boolean | undefined
  /**
   * The body: its bytes or text, or the value made by a parser of the app. `undefined` if there is none.
   *
   * - Called at most once, and only if a body is wanted.
   * - Stops reading at {@link BODY_LIMIT}. `readStream` does.
   * - A rejection with a `status` of 400, 413 or 415 is the client's fault. Any other is a fault of the program: a body that
   *   was read before and cannot be had is no empty body.
   */
  readBody(): Promise<unknown>
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Answers every request with a response; rejects only for a fault in the program. */
export interface Handler {
  (request: HttpRequest): Promise<HttpResponse>
  /** Whether it answers the paths below its mount point too. Default false: an adapter leaves those to the app. */
  readonly servesBelow?: boolean
}

/** Whether a handler answers this path below its mount point. Any other is the app's. */
export function servesPath({ servesBelow = false }: Handler, path: string): boolean {
  return path === '/' || servesBelow
}

/** How many bytes of a body are read: 100 kB. */
export const BODY_LIMIT = 102_400

export function jsonResponse(status: number, body: unknown, headers: HttpResponse['headers'] = {}): HttpResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

/** Marks an answer as replayed: its request was carried out before. */
export function replayHeaders(replayed: boolean): HttpResponse['headers'] {
  return replayed ? { 'Idempotent-Replayed': 'true' } : {}
}
