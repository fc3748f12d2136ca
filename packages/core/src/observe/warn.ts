/** Of each kind. */
const EVERY_MS = 1_000
const MOST_KINDS = 100
const MOST_CHARACTERS = 100

const warnedAt = new Map<string, number>()

/**
 * Makes a process warning of an error: the default of every `onError`. An outage fails each request alike, so there is at
 * most one warning a second of each kind, in this process.
 */
export function warn(error: Error): void {
  const now = performance.now()
  if (warnedAt.size >= MOST_KINDS) forgetOlder(now)
  const known = kindOf(error)
  const kind = warnedAt.size < MOST_KINDS || warnedAt.has(known) ? known : 'any other'
  if (isRecent(warnedAt.get(kind), now)) return
  warnedAt.set(kind, now)
  process.emitWarning(error)
}

function forgetOlder(now: number): void {
  for (const [kind, at] of warnedAt) if (!isRecent(at, now)) warnedAt.delete(kind)
}

// A clock that was set back must not silence a kind until it has caught up.
function isRecent(at: number | undefined, now: number): boolean {
  return at !== undefined && Math.abs(now - at) < EVERY_MS
}

/** The name and code of an error, and what failed: the beginning of its message, whatever numbers stand there. */
function kindOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code')
  const [failed = ''] = error.message.slice(0, MOST_CHARACTERS).split(':', 1)
  return [error.name, typeof code === 'string' ? code : '', failed.replaceAll(/\d+/g, '0')].join(' ')
}
