import { refuseOtherFields } from './body-fields.ts'
import type { Dialect } from './dialect.ts'
import { invalidParameter } from './problem.ts'
import type { JsonObject } from './read-body.ts'

/** What an overlap must be, on the wire. */
export const OVERLAP = 'a whole number of seconds, 0 to 30 days'

/**
 * Reads the overlap of a rotation, which may be left out. How long it may be is for `rotate` to say.
 *
 * @throws Problem `invalid_parameter` that names the field
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
