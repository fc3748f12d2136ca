import type { BeyondCeiling, Ceiling } from '../../steps/decision/ceiling.ts'
import { networksOf } from '../../token/allowed-networks.ts'
import { TokenError, invalidParameter } from '../../token/errors.ts'
import { checkCeilingShape, notHeld } from './issuable-scopes.ts'

/** The most that whoever rotates or edits a token may give away. Left out or `null` for no ceiling. */
export interface CeilingOptions {
  readonly scopeCeiling?: readonly string[] | null | undefined
  readonly networkCeiling?: readonly string[] | null | undefined
  /** The latest expiry. */
  readonly expiryCeiling?: Date | null | undefined
}

/** @throws TokenError `invalid_parameter` */
export function ceilingIn({ scopeCeiling = null, networkCeiling, expiryCeiling = null }: CeilingOptions): Ceiling {
  checkCeilingShape(scopeCeiling)
  const expiresAt = expiryCeiling instanceof Date ? expiryCeiling.getTime() : null
  if (Number.isNaN(expiresAt) || (expiryCeiling !== null && expiresAt === null)) {
    throw invalidParameter('expiryCeiling', 'a valid instant, or null')
  }
  return { scopes: scopeCeiling, networks: networksOf(undefined, networkCeiling), expiresAt }
}

/** A token with more than whoever rotates or edits it may give away. */
export function tokenBeyond(beyond: BeyondCeiling): TokenError {
  switch (beyond.outcome) {
    case 'insufficient_scope':
      return notHeld('issuer', beyond.scopes)
    case 'beyond_networks': {
      const message = 'the token may be used from more networks than whoever asks'
      return new TokenError('beyond_ceiling', message, { parameter: 'networks' })
    }
    case 'beyond_expiry':
      return new TokenError('beyond_ceiling', 'the token ends after whoever asks', { parameter: 'expiresAt' })
  }
}

/** A request for a token with more than its maker has. */
export function requestBeyond(beyond: BeyondCeiling): TokenError {
  switch (beyond.outcome) {
    case 'insufficient_scope':
      return notHeld('issuer', beyond.scopes)
    case 'beyond_networks':
      return invalidParameter('networks', 'inside the networks of whoever issues')
    case 'beyond_expiry':
      return invalidParameter('expiresAt', `at most ${new Date(beyond.latest).toISOString()}`)
  }
}
