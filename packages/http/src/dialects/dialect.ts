import type { ListOptions, RevokedAll, Token, TokenList, TokenUsage } from '@tessera/core'
import type { AccessScopes } from '../bearer/access-scopes.ts'
import type { HttpRequest } from '../message/message.ts'
import type { Problem } from '../message/problem.ts'
import type { JsonObject } from '../message/read-body.ts'
import type { DialectDescription } from './describe/description.ts'

/** The parameters of a list request, with every default filled in. */
export type ListRequest = Required<Pick<ListOptions, 'statuses' | 'name' | 'sort' | 'window'>> & ListOptions

/** What an answer knows beside its tokens. */
export interface AnswerFacts {
  /** The id of the calling token; `null` for a person. */
  readonly callerId: string | null
}

export interface PageFacts extends AnswerFacts {
  /** Of the owner as a whole; `null` in a dialect without `writeUsage`. */
  readonly usage: TokenUsage | null
}

/** The words of errors: those of a dialect, or of an endpoint of none. */
export type ErrorWords = Pick<Dialect, 'writeError' | 'errorType'>

/** The wording of one published API for lists, records and errors: four pure functions, and a few words beside them. */
export interface Dialect {
  /**
   * Reads the query of a list of the owner's tokens. Without `listParameters`, unknown parameters are ignored.
   *
   * @throws Problem `invalid_parameter`, with the parameter's name
   */
  readonly readList: (query: URLSearchParams, owner: string) => ListRequest
  /** The body of a list: the page, and the way to the next one. `owner` is the same as for `readList`. */
  readonly writePage: (list: TokenList, request: ListRequest, owner: string, facts: PageFacts) => JsonObject
  /** The body with one record. The answer to issue adds the `secret` beside it. */
  readonly writeToken: (token: Token, facts: AnswerFacts) => JsonObject
  /** The body of an error. */
  readonly writeError: (problem: Problem) => JsonObject
  /** The media type of errors. Default that of all other answers, `application/json; charset=utf-8`. */
  readonly errorType?: string
  /** The API's name for the expiry, in the body of issue. */
  readonly expiryField: string
  /** The API's name for the overlap in seconds, in the body of rotate. Default `overlapSeconds`. */
  readonly overlapField?: string
  /** The API's name for the attributes, in the body of issue. Default: a request gives none. */
  readonly attributesField?: string
  /** The query parameter for an idempotency key, beside the header. Default none. */
  readonly idempotencyParameter?: string
  /** The scopes required to read tokens, to issue or change them, and to revoke in bulk. Default none. */
  readonly scopes?: Required<Pick<AccessScopes, 'read' | 'write'>> & AccessScopes
  /**
   * The query parameters of a list. With them, every operation refuses other parameters and unknown fields by their names.
   * Default: others are ignored, and unknown fields refused without their names.
   */
  readonly listParameters?: readonly string[]
  /** The body of `GET /usage`. Default: the API has no such operation, and pages get no usage. */
  readonly writeUsage?: (usage: TokenUsage) => JsonObject
  /** The body of `POST /revoke-all`. It needs `scopes.revokeAll`. Default: the API has no such operation. */
  readonly writeRevokedAll?: (revoked: RevokedAll) => JsonObject
  /**
   * Compares an owner in the URL with the caller's, if the API has one there.
   *
   * @throws Problem if it is malformed or another's
   */
  readonly checkOwner?: (request: Pick<HttpRequest, 'params' | 'query'>, owner: string) => void
  /** The schemas of its answers, for documents. Only `@tessera/openapi` asks for them. Default none. */
  readonly describe?: DialectDescription
}
