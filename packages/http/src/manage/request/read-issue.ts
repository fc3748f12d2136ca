import type { TokenAttributes } from '@tessera/core'
import type { Dialect } from '../../dialects/dialect.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { asName, asScopes, readNetworks, refuseOtherFields, requireField } from './body-fields.ts'
import { readAttributes } from './read-attributes.ts'
import { readExpiry } from './read-expiry.ts'

/** The body of issue. */
export interface IssueFields {
  readonly name: string
  readonly scopes: readonly string[]
  /** `undefined` for the default of the API, `null` for no expiry. */
  readonly expiresAt: Date | null | undefined
  /** `undefined` for the caller's networks. */
  readonly networks: readonly string[] | null | undefined
  /** `undefined` for the caller's. */
  readonly attributes: TokenAttributes | undefined
}

/**
 * Reads `{ name, scopes, expiresAt, networks, attributes }`, under the dialect's names for the expiry and the attributes. `issue` decides whether the
 * values can be issued.
 *
 * @param attributes The names of those that a request may give.
 * @throws Problem `missing_parameter` or `invalid_parameter`, with the field's name
 */
export function readIssue(
  body: JsonObject,
  dialect: Pick<Dialect, 'expiryField' | 'attributesField' | 'listParameters'>,
  attributes: readonly string[] = [],
): IssueFields {
  const { expiryField, attributesField } = dialect
  const own = attributesField === undefined ? [] : [attributesField]
  refuseOtherFields(body, ['name', 'scopes', expiryField, 'networks', ...own], dialect)
  const name = asName(requireField(body, 'name'))
  const scopes = asScopes(requireField(body, 'scopes'))
  const expiresAt = readExpiry(body, expiryField)
  const networks = readNetworks(body)
  return { name, scopes, expiresAt, networks, attributes: readAttributes(body, attributesField, attributes) }
}
