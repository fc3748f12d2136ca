import type { Watch } from '@tessera/core'
import { closeWith } from '@tessera/http'
import type { AdmittedWatchOptions } from '@tessera/http'
import type { Request, Response } from 'express'
import { requireAuth } from './auth.ts'

/**
 * Watches the token of the request for as long as its response is open: with the scopes and the address by which it was admitted.
 * The signal aborts once the token would be refused, or the connection is closed.
 *
 * @throws Error without a token: `authenticate()` is not mounted before, or admits callers without one
 * @throws TypeError for an unknown or wrong option
 * @example watchAuth(req, res).signal.addEventListener('abort', () => res.end())
 */
export function watchAuth(req: Request, res: Response, options: AdmittedWatchOptions = {}): Watch {
  return closeWith(requireAuth(req, 'watchAuth').admission.watch(options), res)
}
