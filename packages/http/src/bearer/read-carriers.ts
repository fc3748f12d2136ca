import { fieldValues } from '../message/field-values.ts'

/** Places for a token beside the header. Both put secrets into logs and histories. */
export interface CarrierOptions {
  /** `?access_token=` (RFC 6750 §2.3). Default false. */
  readonly query?: boolean
  /** `access_token` in a form body (RFC 6750 §2.2), already parsed by the app. Default false. */
  readonly form?: boolean
}

/**
 * The secrets found in the enabled carriers.
 *
 * @param query The text after `?`, still percent-encoded.
 * @param form The fields of a parsed `application/x-www-form-urlencoded` body, if there is one.
 */
export function readCarriers(options: CarrierOptions, query: string, form: unknown): readonly string[] {
  const fromQuery = options.query === true ? new URLSearchParams(query).getAll('access_token') : []
  const fromForm = options.form === true ? fieldValues(form, 'access_token') : []
  return [...fromQuery, ...fromForm]
}
