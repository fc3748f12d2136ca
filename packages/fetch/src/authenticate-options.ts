import type { CarrierOptions, Dialect, EndNotice, MaybeCaller, OnError, OnRefusal, RouteScopes } from '@tessera/http'

/** What a framework hands to its handlers behind the request: the context of Next.js, `env` and `ctx` of a Worker. */
export type Context = readonly unknown[]

/** Whatever a function of the app says of a request. */
export type OfRequest<Incoming extends Request, Rest extends Context, Answer> = (
  request: Incoming,
  ...context: Rest
) => Answer

export type Person = MaybeCaller | Promise<MaybeCaller>

/** Facts that no request of the web has. */
export interface RequestFacts<Incoming extends Request = Request, Rest extends Context = Context> {
  /**
   * The client's address, for tokens with networks: without it they are refused. Take it from the platform. A header counts
   * only if a proxy of yours sets it: else clients choose their address.
   */
  readonly clientAddress?: OfRequest<Incoming, Rest, string | null | undefined>
  /** The app's name of the request, for the events. Default none. */
  readonly requestId?: OfRequest<Incoming, Rest, string | null | undefined>
}

export interface AuthenticateOptions<
  Scope extends string = string,
  Incoming extends Request = Request,
  Rest extends Context = Context,
  Optional extends boolean = boolean,
  Found extends Person = Person,
> extends RouteScopes<Scope>,
    RequestFacts<Incoming, Rest> {
  /** Words the errors. Default `standard`. */
  readonly dialect?: Dialect
  /** Admits callers without a credential, never one with a refused token. Default false. */
  readonly optional?: Optional
  /**
   * Finds the person of a session, for routes for both: `null` for nobody. Called only for a request without a token.
   * `caller` of the answer is then the person. Default only tokens.
   */
  readonly caller?: OfRequest<Incoming, Rest, Found>
  /** The origins of other sites whose pages may ask for changes by a person's session. Default none. */
  readonly origins?: readonly string[]
  /** Places for a token beside the header. Of a form, a copy is read: the app can still read the body. Default none. */
  readonly carriers?: CarrierOptions
  /**
   * Called with each refused request, its reason, and the token if it is known. The client gets none of that. It may return a
   * promise; no answer waits for it, and its failures go to `onError`.
   */
  readonly onRefusal?: OnRefusal<Incoming>
  /** Names the protection space in challenges. Default `api`, where a challenge has no error. */
  readonly realm?: string
  /** Names the metadata of the API in challenges: the `url` of `protectedResourceMetadata`. Default none. */
  readonly resourceMetadata?: string
  /** Announces the near end of the token that asks, in `Deprecation` and `Sunset` of the answer. Default nothing. */
  readonly endNotice?: EndNotice
  /** Called with every store failure answered with 503, and with failures of `onRefusal`. Default: a process warning. */
  readonly onError?: OnError
}
