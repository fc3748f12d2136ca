import type { Dialect } from '../../dialects/dialect.ts'
import { invalidParameter } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { refuseOtherFields } from './body-fields.ts'
import { readExpiry } from './read-expiry.ts'

/** The valid values of an overlap, on the wire. */
export const OVERLAP = 'a whole number of seconds, 0 to 30 days'

/** The body of a rotation. `rotate` decides how long the overlap may be, and until when the successor may live. */
export interface RotationFields {
  readonly overlapMs: number | undefined
  /** `undefined` for the expiry of the token. */
  readonly expiresAt: Date | null | undefined
}

/**
 * Reads the overlap of a rotation and the expiry of the successor. Both may be missing.
 *
 * @throws Problem `invalid_parameter`, with the field's name
 */
export function readRotation(
  body: JsonObject,
  dialect: Pick<Dialect, 'overlapField' | 'expiryField' | 'listParameters'>,
): RotationFields {
  const overlapField = overlapFieldOf(dialect)
  const { expiryField } = dialect
  refuseOtherFields(body, [overlapField, expiryField], dialect)
  return { overlapMs: readOverlap(body, overlapField), expiresAt: readExpiry(body, expiryField) }
}

function readOverlap(body: JsonObject, field: string): number | undefined {
  if (!Object.hasOwn(body, field)) return undefined
  const seconds = body[field]
  if (!Number.isInteger(seconds)) throw invalidParameter(field, OVERLAP)
  return Number(seconds) * 1_000
}

export function overlapFieldOf({ overlapField = 'overlapSeconds' }: Pick<Dialect, 'overlapField'>): string {
  return overlapField
}
