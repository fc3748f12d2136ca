/** Places beside the header that a token may come in. Both put secrets where logs and histories keep them. */
export interface CarrierOptions {
  /** `?access_token=` (RFC 6750 §2.3). Default false. */
  readonly query?: boolean
  /** `access_token` in a form body (RFC 6750 §2.2) that the app has parsed before. Default false. */
  readonly form?: boolean
}

/**
 * The secrets found in the carriers that are switched on.
 *
 * @param query What follows `?`, still percent-encoded.
 * @param form The fields of a parsed `application/x-www-form-urlencoded` body, if there is one.
 */
export function readCarriers(options: CarrierOptions, query: string, form: unknown): readonly string[] {
  const fromQuery = options.query === true ? new URLSearchParams(query).getAll('access_token') : []
  const fromForm = options.form === true ? fieldValues(form, 'access_token') : []
  return [...fromQuery, ...fromForm]
}

/** Every value of a field in a form that a body parser made into an object. */
export function fieldValues(form: unknown, name: string): readonly string[] {
  if (typeof form !== 'object' || form === null || !Object.hasOwn(form, name)) return []
  const value: unknown = Reflect.get(form, name)
  return (Array.isArray(value) ? value : [value]).map((each) => (typeof each === 'string' ? each : ''))
}
