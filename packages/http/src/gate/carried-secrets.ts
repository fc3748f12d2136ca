import { readCarriers } from '../bearer/read-carriers.ts'
import type { CarrierOptions } from '../bearer/read-carriers.ts'
import { formFields } from './form-fields.ts'
import type { GateRequest } from './gate-request.ts'

/** Methods whose bodies mean nothing (RFC 9110 §9.3): RFC 6750 §2.2 has no form with them. */
const WITHOUT_FORM: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

const FORM_TYPE = /^application\/x-www-form-urlencoded[ \t]*(?:;|$)/i

/** Whether the token of a request stands in its URL, where it may be kept with the answer. */
export function isInQuery(carriers: CarrierOptions | undefined, { query }: Pick<GateRequest, 'query'>): boolean {
  return carriers?.query === true && readCarriers({ query: true }, query, undefined).length > 0
}

/**
 * The secrets in the enabled carriers of a request.
 *
 * @param form The fields of its body, or a function that reads them: called only if they may hold a secret.
 * @throws Error if the body may be a form, and nobody has parsed it
 */
export async function carriedSecrets(
  carriers: CarrierOptions,
  { method, query, headers }: GateRequest,
  form: unknown,
): Promise<readonly string[]> {
  const [type = ''] = headers['content-type'] ?? []
  const mayHaveForm = carriers.form === true && !WITHOUT_FORM.has(method) && FORM_TYPE.test(type)
  if (!mayHaveForm) return readCarriers(carriers, query, undefined)
  return readCarriers(carriers, query, formFields(typeof form === 'function' ? await form() : form))
}
