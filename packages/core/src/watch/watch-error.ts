import { BrandedError } from '../token/errors.ts'
import type { RefusalReason } from '../token/verification.ts'

/** Why a watch ended. Codes never change. */
export type WatchErrorCode =
  | Exclude<RefusalReason, 'missing' | 'malformed'> // `verify` would refuse the token, for the same reason
  | 'store_unavailable' // the store could not be asked for `withinMs`: the token may have ended
  | 'closed' // by the `close` of the watch, or of the tokens

const WORDS: Readonly<Record<WatchErrorCode, string>> = {
  unknown: 'there is no such token any more',
  revoked: 'the token was revoked',
  expired: 'the token has expired',
  suspended: 'the token was suspended',
  network_not_allowed: 'the token may not be used from this address any more',
  insufficient_scope: 'the token lacks a scope that is needed',
  store_unavailable: 'the store could not be asked in time, so the token may have ended',
  closed: 'it was closed',
}

/** The `reason` of a watch's signal. Match on `code`. The `cause` is the store's error, if there is one. */
export class WatchError extends BrandedError {
  static override readonly brand: symbol = Symbol.for('tessera.WatchError')
  override readonly name = 'WatchError'
  readonly code: WatchErrorCode

  constructor(code: WatchErrorCode, cause?: unknown) {
    super(`the watch ended: ${WORDS[code]}`, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
