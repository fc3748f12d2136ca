import { headerLists } from '../message/header-lists.ts'
import type { AnyHeaders } from '../message/header-lists.ts'

/** The one credential of a request. `secret` is `undefined` if there is none, or one of another scheme. */
export type BearerReading =
  | { readonly ok: true; readonly secret: string | undefined }
  | { readonly ok: false; readonly reason: 'several_credentials' }

const SCHEME = 'bearer'
/** The scheme as nearly everybody writes it, which is read without a copy. */
const USUAL = 'Bearer '
const NONE: readonly string[] = []

/**
 * Reads `Authorization: Bearer <secret>`: the scheme without regard to case, then one or more spaces. The rest is
 * handed on as it is, and `verify` decides whether it is well-formed.
 *
 * @param headers With every received `Authorization` value: Node's `req.headers` keeps only the first of two.
 * @param others Secrets from other accepted carriers, see {@link readCarriers}.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2 "Clients MUST NOT use more than one method"
 */
export function readBearer(headers: AnyHeaders, others: readonly string[] = NONE): BearerReading {
  const values = authorizationsIn(headers)
  const fromHeader = credentials(values[0])
  const several = values.length > 1 || others.length > (fromHeader === undefined ? 1 : 0)
  return several ? { ok: false, reason: 'several_credentials' } : { ok: true, secret: fromHeader ?? others[0] }
}

/** The lists of an adapter are read without looking at the other headers. */
function authorizationsIn(headers: AnyHeaders): readonly string[] {
  const { authorization: given } = (headers ?? {}) as { readonly authorization?: unknown }
  return Array.isArray(given) ? given : (headerLists(headers).authorization ?? NONE)
}

/** The text after the scheme and its spaces; `undefined` under another scheme. */
function credentials(value: string | undefined): string | undefined {
  if (value?.startsWith(USUAL) === true && value[USUAL.length] !== ' ') return value.slice(USUAL.length)
  if (value === undefined || value.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined
  let start = SCHEME.length
  while (value[start] === ' ') start += 1
  return start === SCHEME.length && value.length > start ? undefined : value.slice(start)
}
