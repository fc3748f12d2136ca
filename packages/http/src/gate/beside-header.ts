/** Each line of these adds to the others (RFC 9110 §5.3). */
const LISTS: ReadonlySet<string> = new Set(['link', 'vary', 'www-authenticate'])
const NO_CACHE = /(?:^|,)\s*(?:no-store|private)\s*(?:,|$)/i
const SHARED = /^\s*(?:public|s-maxage=.*)$/i

/**
 * The value of a gate's header, to be set on an answer of the app. If the app has set one of that name:
 *
 * - lists such as `Link` have both values;
 * - `Cache-Control` stays the app's, and becomes `private` (RFC 6750 §2.3);
 * - any other stays the app's.
 *
 * @param present The app's value, or its lines; `undefined` or `null` for none.
 */
export function besideHeader(name: string, value: string, present: unknown): string {
  const there = textOf(present)
  if (there === '') return value
  const lower = name.toLowerCase()
  if (LISTS.has(lower)) return joined(there, value)
  return lower === 'cache-control' ? narrowed(there) : there
}

/**
 * The value of a header of an answer of ours. Lists such as `WWW-Authenticate` keep what the app has set.
 *
 * @param present As for {@link besideHeader}.
 */
export function answerHeader(name: string, value: string, present: unknown): string {
  const there = textOf(present)
  return there !== '' && LISTS.has(name.toLowerCase()) ? joined(there, value) : value
}

function textOf(present: unknown): string {
  if (Array.isArray(present)) return present.join(', ')
  return typeof present === 'string' || typeof present === 'number' ? `${present}` : ''
}

/** Two gates of one route say the same once. */
function joined(present: string, value: string): string {
  return present.includes(value) ? present : `${present}, ${value}`
}

function narrowed(present: string): string {
  if (NO_CACHE.test(present)) return present
  const kept = present.split(',').filter((directive) => !SHARED.test(directive))
  return [...kept, 'private'].map((directive) => directive.trim()).join(', ')
}
