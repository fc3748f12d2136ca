import type { Dialect } from '../../dialects/dialect.ts'
import { Problem } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { asName, asScopes, readNetworks, refuseOtherFields } from './body-fields.ts'
import { readExpiry } from './read-expiry.ts'

/** The body of edit. Missing fields stay as they are. */
export interface EditFields {
  readonly name?: string
  readonly scopes?: readonly string[]
  /** `null` for no expiry. */
  readonly expiresAt?: Date | null | undefined
  /** `null` for any. */
  readonly networks?: readonly string[] | null | undefined
}

/**
 * Reads `{ name, scopes, expiresAt, networks }`, under the dialect's name for the expiry. All but one may be missing. `edit`
 * decides whether the token can have them.
 *
 * @throws Problem `missing_parameter` for none of them, `invalid_parameter` with the field's name
 */
export function readEdit(body: JsonObject, dialect: Pick<Dialect, 'expiryField' | 'listParameters'>): EditFields {
  const { expiryField } = dialect
  const known = ['name', 'scopes', expiryField, 'networks']
  refuseOtherFields(body, known, dialect)
  if (!known.some((field) => Object.hasOwn(body, field)))
    throw new Problem('missing_parameter', `one of ${known.join(', ')} is required`)
  const name = Object.hasOwn(body, 'name') ? { name: asName(body['name']) } : {}
  const scopes = Object.hasOwn(body, 'scopes') ? { scopes: asScopes(body['scopes']) } : {}
  return { ...name, ...scopes, expiresAt: readExpiry(body, expiryField), networks: readNetworks(body) }
}
