/** A part of a text. */
export interface Span {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** How many places of a part may begin a header. Each other text in front of it, such as `token-`, is one more. */
const MOST_BEGINNINGS = 4

/**
 * Finds the signed access tokens of these issuers, accepted or not: by their type and their issuer. Asks no signature, so
 * that an expired one, or one with a lost key, is found too. In linear time, and nothing is parsed: failing to takes long.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.1 for the type
 */
export function findAccessTokens(text: string, issuers: readonly string[]): readonly Span[] {
  const claims = issuers.map((issuer) => `"iss":${JSON.stringify(issuer)}`)
  const found: Span[] = []
  for (const { 0: run, index } of text.matchAll(/[\w.-]+/g)) {
    const parts = run.split('.')
    let start = index
    for (let at = 0; at + 2 < parts.length; at += 1) {
      const [header = '', payload = '', signature = ''] = parts.slice(at, at + 3)
      const offset = holds(payload, claims) ? headerIn(header) : -1
      if (offset >= 0) found.push({ start: start + offset, end: start + `${header}.${payload}.${signature}`.length })
      start += header.length + 1
    }
  }
  return found
}

/** Where a header of an access token begins in a part; -1 for nowhere. */
function headerIn(part: string): number {
  let offset = -1
  for (let tries = 0; tries < MOST_BEGINNINGS; tries += 1) {
    offset = part.indexOf('eyJ', offset + 1)
    if (offset === -1 || holds(part.slice(offset), ['"typ":"at+jwt"'])) return offset
  }
  return -1
}

/** Whether a part is an object in JSON in base64url, as far as its beginning tells, with one of these members. */
function holds(part: string, members: readonly string[]): boolean {
  if (!part.startsWith('eyJ')) return false
  const json = Buffer.from(part, 'base64url').toString()
  return members.some((member) => json.includes(member))
}
