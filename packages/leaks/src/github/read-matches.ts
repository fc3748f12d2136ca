import { Problem } from '@tessera/http'

/** A text that GitHub found, as it was sent. */
export interface LeakMatch {
  readonly token: string
  /** The name of the rule. */
  readonly type: string
  /** The page with the secret; empty if GitHub does not say. */
  readonly url: string
  /** The kind of place, e.g. `commit` or `issue_comment`; empty if GitHub does not say. */
  readonly source: string
}

/**
 * Reads the body of an alert.
 *
 * @throws Problem `invalid_request`
 */
export function readMatches(body: Uint8Array): readonly LeakMatch[] {
  const matches = parsed(body)
  if (Array.isArray(matches) && matches.every(isMatch)) return matches.map(toMatch)
  throw new Problem('invalid_request', 'The body must be a JSON array of objects with a token and a type.')
}

interface SentMatch extends Pick<LeakMatch, 'token' | 'type'> {
  readonly url?: unknown
  readonly source?: unknown
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    // The parser's message quotes the body, and that holds secrets.
    return null
  }
}

function isMatch(value: unknown): value is SentMatch {
  if (typeof value !== 'object' || value === null) return false
  return typeof Reflect.get(value, 'token') === 'string' && typeof Reflect.get(value, 'type') === 'string'
}

function toMatch({ token, type, url, source }: SentMatch): LeakMatch {
  return { token, type, url: typeof url === 'string' ? url : '', source: typeof source === 'string' ? source : '' }
}
