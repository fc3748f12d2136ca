import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { Problem, readStream } from '@tessera/http'

export interface SigningKeysOptions {
  readonly url: string
  readonly fetch: typeof globalThis.fetch
  readonly now: () => number
  /** Called with each failure to fetch the keys. */
  readonly onFailure: (error: Error) => void
}

/** How long the list is taken as it is. */
const FRESH_MS = 3_600_000
/** How long known keys are accepted if the list cannot be had. A key that GitHub has withdrawn is no key for longer. */
const KEPT_MS = 86_400_000
/** How long no identifier is missing from a fetched list: it was complete a moment ago. */
const COMPLETE_MS = 30_000
/** Strangers' identifiers make a fetch in five minutes, and a few at once: GitHub allows 60 an hour. */
const UNKNOWN_EVERY_MS = 300_000
const UNKNOWN_AT_ONCE = 5
const PAUSE_AFTER_FAILURE_MS = 10_000
const TIMEOUT_MS = 5_000
/** A little later, so that a timeout says its own reason. */
const GIVEN_UP_MS = TIMEOUT_MS + 500

/**
 * Finds GitHub's public keys by their identifiers. The list is fetched at first use, once an hour, and once for an unknown
 * identifier, but for that not too often. All who wait share one fetch.
 *
 * @returns A function that resolves with `null` for an identifier outside of the list, and rejects with a Problem `unavailable`
 *   if the list could not be fetched.
 */
export function createSigningKeys(options: SigningKeysOptions): (identifier: string) => Promise<KeyObject | null> {
  const { now, onFailure } = options
  let keys: ReadonlyMap<string, KeyObject> = new Map()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let pausedUntil = Number.NEGATIVE_INFINITY
  let hasFailed = false
  /** When the fetches for unknown identifiers so far are paid for. */
  let paidAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | null = null

  /** Resolves after a fetch, a failed one too. */
  function refresh(): Promise<void> {
    fetching ??= withinTime(fetchKeys(options))
      .then(
        (fetched) => {
          keys = fetched
          fetchedAt = now()
          pausedUntil = now() + COMPLETE_MS
          hasFailed = false
        },
        (error: unknown) => {
          hasFailed = true
          pausedUntil = now() + PAUSE_AFTER_FAILURE_MS
          onFailure(failureOf(options.url, error))
        },
      )
      .finally(() => (fetching = null))
    return fetching
  }

  function mayFetch(isFresh: boolean): boolean {
    if (now() < pausedUntil) return false
    if (!isFresh) return true
    const wouldBePaidAt = Math.max(paidAt, now()) + UNKNOWN_EVERY_MS
    if (wouldBePaidAt > now() + UNKNOWN_AT_ONCE * UNKNOWN_EVERY_MS) return false
    paidAt = wouldBePaidAt
    return true
  }

  return async (identifier) => {
    const isFresh = now() - fetchedAt < FRESH_MS
    if (isFresh && keys.has(identifier)) return keys.get(identifier) ?? null
    if (fetching !== null || mayFetch(isFresh)) await refresh()
    const key = now() - fetchedAt < KEPT_MS ? (keys.get(identifier) ?? null) : null
    if (key === null && hasFailed) throw unavailable()
    return key
  }
}

async function fetchKeys({ url, fetch }: SigningKeysOptions): Promise<ReadonlyMap<string, KeyObject>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetch(url, { headers: { Accept: 'application/json' }, redirect: 'error', signal })
  if (response.status !== 200) throw new Error(`status ${response.status}`)
  const keys = keysIn(JSON.parse(Buffer.from(await readStream(response.body)).toString()))
  if (keys.size === 0) throw new Error('none is for ECDSA on P-256')
  return keys
}

/** Rejects soon after the timeout if a `fetch` of the app pays no heed to the signal: else all would wait for it for ever. */
async function withinTime<Answer>(fetching: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), GIVEN_UP_MS)
  })
  return Promise.race([fetching, late]).finally(() => clearTimeout(timer))
}

function failureOf(url: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : 'unknown cause'
  return new Error(`GitHub's keys could not be fetched from ${url}: ${why}`, { cause })
}

/** Those for ECDSA on P-256. Any other could not have made the signature. */
function keysIn(list: unknown): ReadonlyMap<string, KeyObject> {
  const { public_keys: entries } = Object(list) as { readonly public_keys?: unknown }
  const keys = new Map<string, KeyObject>()
  for (const entry of Array.isArray(entries) ? entries : []) {
    const { key_identifier: identifier, key: pem } = Object(entry) as Readonly<Record<string, unknown>>
    const key = typeof pem === 'string' ? publicKeyOf(pem) : null
    if (typeof identifier === 'string' && key !== null) keys.set(identifier, key)
  }
  return keys
}

function publicKeyOf(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null
  } catch {
    return null
  }
}

function unavailable(): Problem {
  return new Problem('unavailable', 'The signature cannot be checked now. Try again.', {
    headers: { 'Retry-After': '10' },
  })
}
