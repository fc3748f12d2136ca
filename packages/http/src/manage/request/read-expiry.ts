import { parseInstant } from '../../message/instant.ts'
import { invalidParameter } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'

/**
 * Reads the expiry of a new token: `undefined` if the body has none, `null` for a token without expiry.
 *
 * @throws Problem `invalid_parameter`, with the field's name
 */
export function readExpiry(body: JsonObject, field: string): Date | null | undefined {
  if (!Object.hasOwn(body, field)) return undefined
  const value = body[field]
  if (value === null) return null
  const instant = typeof value === 'string' ? parseInstant(value) : null
  if (instant === null) throw invalidParameter(field, 'null or an RFC 3339 date-time, e.g. "2030-01-31T00:00:00Z"')
  return instant
}
