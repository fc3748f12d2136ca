import { Problem } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { asName, asScopes, refuseOtherFields } from './body-fields.ts'

/** The body of edit. Missing fields stay as they are. */
export interface EditFields {
  readonly name?: string
  readonly scopes?: readonly string[]
}

/**
 * Reads `{ name, scopes }`. One of them may be missing. `edit` decides whether the token can have them.
 *
 * @throws Problem `missing_parameter` for neither, `invalid_parameter` with the field's name
 */
export function readEdit(body: JsonObject): EditFields {
  refuseOtherFields(body, ['name', 'scopes'])
  const name = Object.hasOwn(body, 'name') ? { name: asName(body['name']) } : {}
  const scopes = Object.hasOwn(body, 'scopes') ? { scopes: asScopes(body['scopes']) } : {}
  const fields = { ...name, ...scopes }
  if (Object.keys(fields).length === 0) throw new Problem('missing_parameter', 'name or scopes is required')
  return fields
}
