import type { ActedBy, CeilingOptions } from '@tessera/core'
import { actingToken, endOfCaller } from '@tessera/http'
import type { HttpRequest } from '@tessera/http'
import type { View } from '../pages/view.ts'

/** A sent form. */
export interface Sent {
  readonly view: View
  readonly request: HttpRequest
}

/** Who changes a token, for the store and for the events. */
export function commandOf({ view: { caller }, request }: Sent): ActedBy {
  return { by: caller.createdBy, actor: actingToken(request, caller, [], false), context: request.context }
}

/** The most that the person may give away. */
export function ceilingsOf({ view: { caller } }: Sent): CeilingOptions {
  return { scopeCeiling: caller.scopes, networkCeiling: caller.networks, expiryCeiling: endOfCaller(caller) }
}
