import { asName, asScopes, refuseOtherFields } from './body-fields.ts'
import { Problem } from './problem.ts'
import type { JsonObject } from './read-body.ts'

/** What the body that edits a token may say; what it leaves out stays. */
export interface EditFields {
  readonly name?: string
  readonly scopes?: readonly string[]
}

/**
 * Reads `{ name, scopes }`, of which one may be left out. Whether the token can have them is for `edit` to say.
 *
 * @throws Problem `missing_parameter` for neither, `invalid_parameter` that names the field
 */
export function readEdit(body: JsonObject): EditFields {
  refuseOtherFields(body, ['name', 'scopes'])
  const name = Object.hasOwn(body, 'name') ? { name: asName(body['name']) } : {}
  const scopes = Object.hasOwn(body, 'scopes') ? { scopes: asScopes(body['scopes']) } : {}
  const fields = { ...name, ...scopes }
  if (Object.keys(fields).length === 0) throw new Problem('missing_parameter', 'name or scopes is required')
  return fields
}
