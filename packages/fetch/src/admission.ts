import type { Requirements, Token, Watch } from '@tessera/core'
import type { AdmittedWatchOptions, Caller, HttpResponse, Problem } from '@tessera/http'

/** An admitted request. The types of `token` and `caller` follow from the options of the route. */
export interface Auth<Found extends Token | null = Token | null, Who extends Caller | null = Caller | null> {
  readonly ok: true
  /** The token of the request; `null` for a person, and for an anonymous caller. */
  readonly token: Found
  /** The token or the person; `null` for an anonymous caller, admitted by `optional`. */
  readonly caller: Who
  /** To be set on the answer, beside those of the app: see `besideHeader` of `@tessera/http`. `protect` does. */
  readonly headers: HttpResponse['headers']
  /** Asks for more scopes, of the same request. */
  require(requirements: Requirements): Auth<Found, Who> | Refused
  /**
   * Watches the token for as long as the request is open: with the scopes and the address by which it was admitted. The signal
   * aborts once the token would be refused, or the signal of the request does. Not every platform aborts that if a client is gone:
   * call `close` if the stream of the response is cancelled.
   *
   * @throws Error without a token
   * @throws TypeError for an unknown or wrong option
   */
  watch(options?: AdmittedWatchOptions): Watch
}

export interface Refused {
  readonly ok: false
  /** For an app that words errors itself. */
  readonly problem: Problem
  /** The problem in the words of the API. */
  readonly response: Response
}

/** What the options of a route say of whoever it admits: `Person` is `never` if it admits only tokens. */
export type AuthOf<Optional extends boolean, Person> = Auth<
  [Person] extends [never] ? OrNull<Token, Optional> : Token | null,
  OrNull<Caller, Optional>
>

type OrNull<Value, Maybe extends boolean> = Maybe extends false ? Value : Value | null
