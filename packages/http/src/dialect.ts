import type { ListOptions, Token, TokenList } from '@tessera/core'
import type { HttpRequest } from './message.ts'
import type { Problem } from './problem.ts'
import type { JsonObject } from './read-body.ts'

/** What a list request asks for, with every default in its place. */
export type ListRequest = Required<ListOptions>

/**
 * How one published API words lists, records and errors: four pure functions, and the few words in which such APIs
 * differ beside them.
 */
export interface Dialect {
  /**
   * Reads the query of a list of the owner's tokens. Parameters that the API does not have are ignored.
   *
   * @throws Problem `invalid_parameter` that names the parameter
   */
  readonly readList: (query: URLSearchParams, owner: string) => ListRequest
  /** The body of a list: the page, and how to go on from it. The owner is the one that `readList` was given. */
  readonly writePage: (list: TokenList, request: ListRequest, owner: string) => JsonObject
  /** The body that holds one record. The answer to issue adds the `secret` beside it. */
  readonly writeToken: (token: Token) => JsonObject
  /** The body of an error. */
  readonly writeError: (problem: Problem) => JsonObject
  /** What the API calls the expiry in the body that issues a token. */
  readonly expiryField: string
  /** What the API calls the overlap, in seconds, in the body that rotates a token. Default `overlapSeconds`. */
  readonly overlapField?: string
  /** The query parameter that may hold an idempotency key, beside the header. Default none. */
  readonly idempotencyParameter?: string
  /** The scopes that a caller needs to read tokens, and to issue or change them. Default none. */
  readonly scopes?: { readonly read: readonly string[]; readonly write: readonly string[] }
  /**
   * Compares the owner that the URL names, where the API has it there, with the caller's.
   *
   * @throws Problem when it is malformed or another's
   */
  readonly checkOwner?: (request: Pick<HttpRequest, 'params' | 'query'>, owner: string) => void
}
