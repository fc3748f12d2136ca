import { asName, asScopes, isStringList, refuseOtherFields, requireField } from './body-fields.ts'
import type { Dialect } from './dialect.ts'
import { parseInstant } from './instant.ts'
import { invalidParameter } from './problem.ts'
import type { JsonObject } from './read-body.ts'

/** What the body that issues a token may say. */
export interface IssueFields {
  readonly name: string
  readonly scopes: readonly string[]
  /** `undefined` when the body leaves the expiry to the rules of the API, `null` when it asks for none. */
  readonly expiresAt: Date | null | undefined
  /** `undefined` when the body leaves them to the caller's. */
  readonly networks: readonly string[] | null | undefined
}

/**
 * Reads `{ name, scopes, expiresAt, networks }`, under the dialect's name for the expiry. Whether the values can be issued
 * is for `issue` to say.
 *
 * @throws Problem `missing_parameter` or `invalid_parameter` that names the field
 */
export function readIssue(body: JsonObject, { expiryField }: Pick<Dialect, 'expiryField'>): IssueFields {
  refuseOtherFields(body, ['name', 'scopes', expiryField, 'networks'])
  const name = asName(requireField(body, 'name'))
  const scopes = asScopes(requireField(body, 'scopes'))
  return { name, scopes, expiresAt: readExpiry(body, expiryField), networks: readNetworks(body) }
}

function readExpiry(body: JsonObject, field: string): Date | null | undefined {
  if (!Object.hasOwn(body, field)) return undefined
  const value = body[field]
  if (value === null) return null
  const instant = typeof value === 'string' ? parseInstant(value) : null
  if (instant === null) throw invalidParameter(field, 'null or an RFC 3339 date-time, e.g. "2030-01-31T00:00:00Z"')
  return instant
}

function readNetworks(body: JsonObject): readonly string[] | null | undefined {
  if (!Object.hasOwn(body, 'networks')) return undefined
  const { networks } = body
  if (networks !== null && !isStringList(networks)) throw invalidParameter('networks', 'null or an array of strings')
  return networks
}
