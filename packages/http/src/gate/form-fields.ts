/**
 * The fields of a form, from whatever a parser of the app left: an object, a `FormData` or `URLSearchParams`, the text, or its
 * bytes.
 *
 * @throws Error for anything else: a form that nobody has parsed would hide a token, a fault of the app
 */
export function formFields(form: unknown): unknown {
  if (typeof form === 'string') return tokensIn(new URLSearchParams(form))
  if (form instanceof Uint8Array) return tokensIn(new URLSearchParams(new TextDecoder().decode(form)))
  if (isFields(form)) return tokensIn(form)
  const isObject = Object.prototype.toString.call(form) === '[object Object]'
  if (isObject && !hasMethod(form, 'pipe') && !hasMethod(form, 'getReader')) return form
  throw new Error('carriers.form: no form is parsed; let a parser of forms run before, and hand on what it made')
}

interface Fields {
  getAll(name: string): readonly unknown[]
}

function tokensIn(fields: Fields): object {
  return { access_token: fields.getAll('access_token') }
}

function isFields(form: unknown): form is Fields {
  return hasMethod(form, 'getAll')
}

/** No field of a form is a function. */
function hasMethod(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
}
