import { flatCopy } from '@tessera/core'
import { fieldValues } from './field-values.ts'
import type { HttpRequest } from './message.ts'
import { Problem } from './problem.ts'
import { readBody } from './read-body.ts'

/** Every value of a form field, by its name. */
export type Form = (name: string) => readonly string[]

/**
 * Each value is a text of its own. So keeping a client's id keeps no secret of the same body in memory.
 *
 * @throws Problem `unsupported_media_type`, `payload_too_large`, or `invalid_request` for anything but UTF-8
 */
export async function readForm(request: HttpRequest): Promise<Form> {
  const body = await readBody(request, 'application/x-www-form-urlencoded')
  if (typeof body !== 'string') return (name) => fieldValues(body, name).map(flatCopy)
  const fields = new URLSearchParams(body)
  return (name) => fields.getAll(name).map(flatCopy)
}

/** @throws Problem `invalid_request` for a field that is missing, empty or given twice (RFC 6749 §3.2) */
export function requireParameter(form: Form, name: string): string {
  const [value = '', ...others] = form(name)
  if (value === '' || others.length > 0) throw new Problem('invalid_request', `${name} must be given once`)
  return value
}
