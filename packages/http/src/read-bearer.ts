import type { HttpHeaders } from './message.ts'

/** The one credential of a request; `secret` is `undefined` when there is none, or one of another scheme. */
export type BearerReading =
  | { readonly ok: true; readonly secret: string | undefined }
  | { readonly ok: false; readonly reason: 'several_credentials' }

const SCHEME = /^bearer(?: |$)/i

/**
 * Reads `Authorization: Bearer <secret>`: the scheme without regard to case, then one or more spaces. What follows is
 * handed on as it is; whether it is well-formed is for `verify` to say.
 *
 * @param headers With every `Authorization` value that arrived: Node's `req.headers` keeps only the first of two.
 * @param others Secrets from carriers that the app also accepts, see {@link readCarriers}.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2 "Clients MUST NOT use more than one method"
 */
export function readBearer(headers: HttpHeaders, others: readonly string[] = []): BearerReading {
  const [value, another] = headers.authorization ?? []
  const fromHeader = value !== undefined && SCHEME.test(value) ? credentials(value) : undefined
  const several = others.length > (fromHeader === undefined ? 1 : 0)
  if (another !== undefined || several) return { ok: false, reason: 'several_credentials' }
  return { ok: true, secret: fromHeader ?? others[0] }
}

function credentials(value: string): string {
  return value.slice('bearer'.length).replace(/^ +/, '')
}
