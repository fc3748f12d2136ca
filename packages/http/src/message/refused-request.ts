import { callHook, warn } from '@tessera/core'
import type { RefusalReason, RefusedCaller } from '@tessera/core'

/** Why a request was refused. For the app: the client gets none of it. */
export interface RefusedRequest {
  readonly reason: RefusalReason | 'several_credentials' | 'other_site'
  /** The token of the request, if there is one; a person, if the app admits such. */
  readonly token: RefusedCaller | null
}

/** Calls the `onRefusal` of a request. Its failures are process warnings, and change no answer. */
export function tellApp(tell: () => unknown): void {
  callHook('option "onRefusal"', tell, warn)
}

/** A hook of an adapter. It may return a promise; no answer waits for it. */
export type OnRefusal<Request> = (request: Request, refused: RefusedRequest) => unknown
