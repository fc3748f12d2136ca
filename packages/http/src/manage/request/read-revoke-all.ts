import type { RevokeAllOptions } from '@tessera/core'
import type { Dialect } from '../../dialects/dialect.ts'
import { Problem, invalidParameter } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { refuseOtherFields } from './body-fields.ts'
import { readExpiry } from './read-expiry.ts'

/** The tokens to revoke, and what to call it. */
export type RevokeAllFields = Pick<
  RevokeAllOptions,
  'createdBy' | 'issuedBy' | 'issuedBefore' | 'scope' | 'exceptId' | 'reason'
>

/** At least one is needed: a body that has lost its filter must not revoke everything. */
const FILTERS = ['createdBy', 'issuedBy', 'createdBefore', 'scope'] as const
const REASONS = ['requested', 'leaked'] as const

/**
 * Reads `{ createdBy, issuedBy, createdBefore, scope, exceptId, reason }`: all filters must hold, and one must be there.
 * `exceptId` spares a token; `self` is the calling one. `revokeAll` decides whether the values are right.
 *
 * @throws Problem `missing_parameter` without a filter, `invalid_parameter` with the field's name
 */
export function readRevokeAll(
  body: JsonObject,
  dialect: Pick<Dialect, 'listParameters'>,
  callerId: string | null,
): RevokeAllFields {
  refuseOtherFields(body, [...FILTERS, 'exceptId', 'reason'], dialect)
  if (!FILTERS.some((name) => Object.hasOwn(body, name)))
    throw new Problem('missing_parameter', `one of ${FILTERS.join(', ')} is required: it says which tokens to revoke`)
  const exceptId = readText(body, 'exceptId')
  if (exceptId === 'self' && callerId === null) throw invalidParameter('exceptId', 'the id of a token')
  return {
    createdBy: readText(body, 'createdBy'),
    issuedBy: readText(body, 'issuedBy'),
    issuedBefore: readInstant(body, 'createdBefore'),
    scope: readText(body, 'scope'),
    exceptId: exceptId === 'self' ? (callerId ?? undefined) : exceptId,
    ...readReason(body),
  }
}

function readText(body: JsonObject, name: string): string | undefined {
  if (!Object.hasOwn(body, name)) return undefined
  const value = body[name]
  if (typeof value !== 'string') throw invalidParameter(name, 'a text')
  return value
}

/** `null` is no filter, and so none that is wanted. */
function readInstant(body: JsonObject, name: string): Date | undefined {
  const instant = readExpiry(body, name)
  if (instant === null) throw invalidParameter(name, 'an RFC 3339 date-time, e.g. "2030-01-31T00:00:00Z"')
  return instant
}

function readReason(body: JsonObject): Pick<RevokeAllFields, 'reason'> {
  const text = readText(body, 'reason')
  if (text === undefined) return {}
  const reason = REASONS.find((each) => each === text)
  if (reason === undefined) throw invalidParameter('reason', `one of ${REASONS.join(', ')}`)
  return { reason }
}
