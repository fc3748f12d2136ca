import type { ListOptions, Token, TokenList } from '@tessera/core'
import type { HttpRequest } from '../message/message.ts'
import type { Problem } from '../message/problem.ts'
import type { JsonObject } from '../message/read-body.ts'
import type { DialectDescription } from './describe/description.ts'

/** The parameters of a list request, with every default filled in. */
export type ListRequest = Required<Pick<ListOptions, 'statuses' | 'name' | 'sort' | 'window'>> & ListOptions

/** The words of errors: those of a dialect, or of an endpoint of none. */
export type ErrorWords = Pick<Dialect, 'writeError' | 'errorType'>

/** The wording of one published API for lists, records and errors: four pure functions, and a few words beside them. */
export interface Dialect {
  /**
   * Reads the query of a list of the owner's tokens. Unknown parameters are ignored.
   *
   * @throws Problem `invalid_parameter`, with the parameter's name
   */
  readonly readList: (query: URLSearchParams, owner: string) => ListRequest
  /** The body of a list: the page, and the way to the next one. `owner` is the same as for `readList`. */
  readonly writePage: (list: TokenList, request: ListRequest, owner: string) => JsonObject
  /** The body with one record. The answer to issue adds the `secret` beside it. */
  readonly writeToken: (token: Token) => JsonObject
  /** The body of an error. */
  readonly writeError: (problem: Problem) => JsonObject
  /** The media type of errors. Default that of all other answers, `application/json; charset=utf-8`. */
  readonly errorType?: string
  /** The API's name for the expiry, in the body of issue. */
  readonly expiryField: string
  /** The API's name for the overlap in seconds, in the body of rotate. Default `overlapSeconds`. */
  readonly overlapField?: string
  /** The query parameter for an idempotency key, beside the header. Default none. */
  readonly idempotencyParameter?: string
  /** The scopes required to read tokens, and to issue or change them. Default none. */
  readonly scopes?: { readonly read: readonly string[]; readonly write: readonly string[] }
  /**
   * Compares an owner in the URL with the caller's, if the API has one there.
   *
   * @throws Problem if it is malformed or another's
   */
  readonly checkOwner?: (request: Pick<HttpRequest, 'params' | 'query'>, owner: string) => void
  /** The schemas of its answers, for documents. Only `@tessera/openapi` asks for them. Default none. */
  readonly describe?: DialectDescription
}
