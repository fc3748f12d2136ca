import type { Rotation } from '../../steps/rotate.ts'
import { DAY_MS } from '../../token/day.ts'
import { invalidParameter } from '../../token/errors.ts'

export interface OverlapOptions {
  /**
   * How long the old token is accepted beside the new one, unless the new one is used before: 0 for not at all, at most
   * 30 days. Default 24 hours, or what is left of an overlap begun before; with the reason `leaked`, 0.
   */
  readonly overlapMs?: number | undefined
  /** `leaked` if the old secret became known: the old token is revoked at once, with this reason. Default `rotated`. */
  readonly reason?: 'rotated' | 'leaked' | undefined
}

export interface Asked extends Pick<Rotation, 'overlapMs' | 'reason'> {}

const LONGEST_OVERLAP_DAYS = 30
const OVERLAP = `a whole number of milliseconds, 0 to ${LONGEST_OVERLAP_DAYS} days`

/** @throws TokenError `invalid_parameter` */
export function askedFor({ reason = 'rotated', overlapMs = reason === 'leaked' ? 0 : DAY_MS }: OverlapOptions): Asked {
  if (reason !== 'rotated' && reason !== 'leaked') throw invalidParameter('reason', 'rotated or leaked')
  const isWithin = Number.isInteger(overlapMs) && overlapMs >= 0 && overlapMs <= LONGEST_OVERLAP_DAYS * DAY_MS
  if (!isWithin) throw invalidParameter('overlapMs', OVERLAP)
  if (reason === 'leaked' && overlapMs > 0) throw invalidParameter('overlapMs', '0 where the secret has leaked')
  return { overlapMs, reason }
}
