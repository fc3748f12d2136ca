import type { Dialect } from '../../dialects/dialect.ts'
import { invalidParameter } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { refuseOtherFields } from './body-fields.ts'

/** The valid values of an overlap, on the wire. */
export const OVERLAP = 'a whole number of seconds, 0 to 30 days'

/**
 * Reads the overlap of a rotation, which may be missing. `rotate` decides how long it may be.
 *
 * @throws Problem `invalid_parameter`, with the field's name
 */
export function readOverlap(body: JsonObject, dialect: Pick<Dialect, 'overlapField'>): number | undefined {
  const field = overlapFieldOf(dialect)
  refuseOtherFields(body, [field])
  if (!Object.hasOwn(body, field)) return undefined
  const seconds = body[field]
  if (!Number.isInteger(seconds)) throw invalidParameter(field, OVERLAP)
  return Number(seconds) * 1_000
}

export function overlapFieldOf({ overlapField = 'overlapSeconds' }: Pick<Dialect, 'overlapField'>): string {
  return overlapField
}
