import type { Dialect } from '../../dialects/dialect.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { asName, asScopes, readNetworks, refuseOtherFields, requireField } from './body-fields.ts'
import { readExpiry } from './read-expiry.ts'

/** The body of issue. */
export interface IssueFields {
  readonly name: string
  readonly scopes: readonly string[]
  /** `undefined` for the default of the API, `null` for no expiry. */
  readonly expiresAt: Date | null | undefined
  /** `undefined` for the caller's networks. */
  readonly networks: readonly string[] | null | undefined
}

/**
 * Reads `{ name, scopes, expiresAt, networks }`, under the dialect's name for the expiry. `issue` decides whether the
 * values can be issued.
 *
 * @throws Problem `missing_parameter` or `invalid_parameter`, with the field's name
 */
export function readIssue(body: JsonObject, dialect: Pick<Dialect, 'expiryField' | 'listParameters'>): IssueFields {
  const { expiryField } = dialect
  refuseOtherFields(body, ['name', 'scopes', expiryField, 'networks'], dialect)
  const name = asName(requireField(body, 'name'))
  const scopes = asScopes(requireField(body, 'scopes'))
  return { name, scopes, expiresAt: readExpiry(body, expiryField), networks: readNetworks(body) }
}
