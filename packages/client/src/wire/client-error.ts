/** The codes of the client itself. All others come from the server. */
export type ClientErrorCode =
  | 'no_answer' // no answer, or only a part of it: the request may have been carried out
  | 'deadline' // the time of the call is over: the request may have been carried out
  | 'unexpected_answer' // an answer that no server of tokens gives
  | 'answer_too_large'
  | 'secret_unavailable' // the token is there, and its secret was in an answer that was lost

export interface ErrorFacts {
  readonly status?: number | null
  readonly facts?: Readonly<Record<string, unknown>>
  readonly retryAfterMs?: number | null
}

/** Thrown for every call that failed. Match on `code`; texts are for people and may change. It never holds a secret. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  /** The server's, such as `active_limit_reached`, or one of {@link ClientErrorCode}. */
  readonly code: string
  readonly detail: string
  /** The status of the answer; `null` without one. */
  readonly status: number | null
  /** Whatever else the problem document says, such as `limit` and `active`. */
  readonly facts: Readonly<Record<string, unknown>>
  /** How long the server asks to wait; `null` if it does not. */
  readonly retryAfterMs: number | null
  /** The key of the change. The same call with it has its effect once. `null` for a call without a key. */
  readonly idempotencyKey: string | null = null

  constructor(code: string, detail: string, { status = null, facts = {}, retryAfterMs = null }: ErrorFacts = {}) {
    super(`${code}: ${detail}`)
    this.code = code
    this.detail = detail
    this.status = status
    this.facts = facts
    this.retryAfterMs = retryAfterMs
  }
}

/** The same error of a call under a key. */
export function underKey(error: unknown, key: string | undefined): unknown {
  if (!(error instanceof ClientError) || key === undefined) return error
  return Object.assign(error, { idempotencyKey: key })
}
