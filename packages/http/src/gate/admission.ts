import type { Requirements, Token, Watch, WatchOptions } from '@tessera/core'
import type { Caller } from '../message/caller.ts'
import type { HttpRequest, HttpResponse } from '../message/message.ts'
import type { Problem } from '../message/problem.ts'

/** The decision of a gate. */
export type Admission = Admitted | NotAdmitted

export interface Admitted {
  readonly ok: true
  /** The token of the request; `null` for a person, and for an anonymous caller. */
  readonly token: Token | null
  /** The token or the person; `null` for an anonymous caller, admitted by `optional`. */
  readonly caller: Caller | null
  /** To be set on the answer, with `besideHeader` if the app has set some before. */
  readonly headers: HttpResponse['headers']
  /** To be spread into the `HttpRequest` of a handler behind the gate. */
  readonly facts: GateFacts
  /** Asks for more scopes, of the same request. A change behind it asks them again. */
  require(requirements: Requirements): Admission
  /**
   * Watches the token of the request, for a connection that stays open: with the client's address, and the scopes asked so far.
   *
   * @throws Error without a token, and for an authenticator that cannot watch
   * @throws TypeError for an unknown or wrong option
   */
  watch(options?: AdmittedWatchOptions): Watch
}

/** The rest of its options follows from the request. */
export type AdmittedWatchOptions = Pick<WatchOptions, 'withinMs'>

export type GateFacts = Pick<HttpRequest, 'caller' | 'ip' | 'requirements' | 'context' | 'onRefusal' | 'challenge'>

export interface NotAdmitted {
  readonly ok: false
  /** For an app that words errors itself. */
  readonly problem: Problem
  /** The problem in the words of the API. */
  readonly answer: HttpResponse
}
