import type { ServerResponse } from 'node:http'
import type { Watch } from '@tessera/core'
import { closeWith } from '@tessera/http'
import type { AdmittedWatchOptions } from '@tessera/http'
import { authOf } from './auth.ts'
import type { AnyRequest } from './auth.ts'

/** A reply of Fastify, whatever its route says of its types. */
interface OpenReply {
  readonly raw: Pick<ServerResponse, 'closed' | 'destroyed' | 'once'>
}

/**
 * Watches the token of the request for as long as its reply is open: with the scopes and the address by which it was admitted. The
 * signal aborts once the token would be refused, or the connection is closed.
 *
 * @throws Error without a token: no `requireToken` ran before, or it admits callers without one
 * @throws TypeError for an unknown or wrong option
 * @example watchAuth(request, reply).signal.addEventListener('abort', () => events.end())
 */
export function watchAuth(request: AnyRequest, reply: OpenReply, options: AdmittedWatchOptions = {}): Watch {
  const admission = authOf(request)
  if (admission === undefined) throw new Error('watchAuth: no requireToken ran before it')
  return closeWith(admission.watch(options), reply.raw)
}
