import type { CarrierOptions, Dialect, EndNotice, MaybeCaller, OnError, OnRefusal, RouteScopes } from '@tessera/http'
import type { Request } from 'express'

export interface AuthenticateOptions<Scope extends string = string> extends RouteScopes<Scope> {
  /** Words the errors. Default `standard`. */
  readonly dialect?: Dialect
  /** Passes an error with `status`, `headers` and `code` to `next` instead of answering. Default false. */
  readonly forwardErrors?: boolean
  /** Admits callers without a credential, never one with a refused token. Default false. */
  readonly optional?: boolean
  /**
   * Finds the person of a session, for routes for both: `null` for nobody. Called only for a request without a token.
   * `findCaller(req)` then gives the caller. Default only tokens.
   */
  readonly caller?: (req: Request) => MaybeCaller | Promise<MaybeCaller>
  /** The origins of other sites whose pages may ask for changes by a person's session. Default none. */
  readonly origins?: readonly string[]
  /** Places for a token beside the header. Default none. */
  readonly carriers?: CarrierOptions
  /**
   * The client's address, for tokens with networks: without it they are refused. `req.ip` depends on Express's setting
   * `trust proxy`: if that trusts too much, clients choose their address.
   */
  readonly clientAddress?: (req: Request) => string | null | undefined
  /** The app's name of the request, for the events. Default `req.id`, if a logger left it there. No header is read. */
  readonly requestId?: (req: Request) => string | null | undefined
  /**
   * Called with each refused request, its reason, and the token if it is known: also by `requireScopes` and the routers after
   * it. The client gets none of that. It may return a promise; no answer waits for it, and its failures go to `onError`.
   */
  readonly onRefusal?: OnRefusal<Request>
  /** Puts the token, if there is one, on the request under this name too. Default only `getAuth(req)`. */
  readonly requestProperty?: string
  /** Names the protection space in challenges. Default `api`, where a challenge has no error. */
  readonly realm?: string
  /** Names the metadata of the API in challenges: the `url` of `protectedResourceMetadata`. Default none. */
  readonly resourceMetadata?: string
  /** Announces the near end of the token that asks, in `Deprecation` and `Sunset` of the answer. Default nothing. */
  readonly endNotice?: EndNotice
  /** Called with every store failure answered with 503, and with failures of `onRefusal`. Default: a process warning. */
  readonly onError?: OnError
}
