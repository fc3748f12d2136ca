import type { ContextSource } from '@tessera/core'
import type { FindCaller } from '../message/caller.ts'
import type { HttpRequest } from '../message/message.ts'
import type { Admitted } from './admission.ts'

/**
 * A request as far as a gate looks at it: of its headers only those of {@link gateHeaders}. An adapter may add its own to
 * it.
 */
export interface GateRequest extends Pick<HttpRequest, 'method' | 'query' | 'headers'> {
  /** The client's address, for tokens with networks. Default unknown: they are refused. */
  readonly ip?: string | null | undefined
  /** Where it came from, for the events. Default only `ip`. */
  readonly context?: ContextSource | undefined
  /**
   * A form body as a parser left it: fields, text or bytes; or a function that reads it, called only if a token may stand there.
   * Anything else is a fault of the app.
   */
  readonly form?: unknown
  /**
   * The admission of the gate before this one, if a request passes several. A change then asks again for the scopes that all of
   * them have asked of its token. Default none.
   */
  readonly before?: Admitted | undefined
  /** Finds the person of a session, if the route admits such. Called only if the request carries no token. */
  readonly caller?: FindCaller | null | undefined
}
