import { createHmac, createSecretKey, hash } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** A server-side key for digests, kept apart from the store: at least 32 bytes, or 32 characters of text. */
export type Pepper = string | Uint8Array

/**
 * A pepper during a change. Tokens are found under each of these. A token only moves forward: from a `retired` pepper
 * to `current`, with its next use. See SECURITY.md for the steps of a rollout.
 */
export interface PepperRing {
  /** The pepper of new digests; `null` for none. */
  readonly current: Pepper | null
  /** Peppers that may be `current` in other processes already: tokens under these stay. `null` for no pepper. */
  readonly upcoming?: readonly (Pepper | null)[]
  /** Former peppers: tokens under these move to `current`. `null` for no pepper. */
  readonly retired?: readonly (Pepper | null)[]
}

/** The possible digests of one secret: the current one, then those of upcoming and of retired peppers. */
export type Candidates = readonly [current: string, ...others: string[]]

/** The digests of secrets. */
export interface Digests {
  current(secret: string): string
  all(secret: string): Candidates
  /** The digest to keep a token under from now on, if it was found under `found`: the current one for any other's. */
  keptUnder(candidates: Candidates, found: string): string
}

/** The key of a token in stores, base64url: the secret's SHA-256, or its HMAC-SHA-256 with a pepper. */
export function digestSecret(secret: string, pepper: Pepper | null = null): string {
  if (!isPepperOrNone(pepper)) throw new TypeError('digestSecret: pepper must be at least 32 bytes or characters')
  return digester(pepper)(secret)
}

export function createDigests(pepper: Pepper | PepperRing | null): Digests {
  const { current, upcoming = [], retired = [] }: PepperRing = isRing(pepper) ? pepper : { current: pepper }
  const currentDigest = digester(current)
  const others = [...upcoming, ...retired].map(digester)
  return {
    current: currentDigest,
    all:
      others.length === 0
        ? (secret) => [currentDigest(secret)]
        : (secret) => [currentDigest(secret), ...others.map((digest) => digest(secret))],
    keptUnder(candidates, found) {
      const index = candidates.indexOf(found)
      return index === -1 || index > upcoming.length ? candidates[0] : found
    },
  }
}

export function isPepper(value: unknown): value is Pepper {
  return (typeof value === 'string' || value instanceof Uint8Array) && value.length >= 32
}

export function isPepperRing(value: unknown): value is PepperRing {
  if (typeof value !== 'object' || value === null || !('current' in value)) return false
  const { current, upcoming = [], retired = [], ...unknown }: Partial<Record<keyof PepperRing, unknown>> = value
  if (Object.keys(unknown).length > 0 || !Array.isArray(upcoming) || !Array.isArray(retired)) return false
  return [current, ...upcoming, ...retired].every(isPepperOrNone)
}

/** Whether a pepper stands in two places of the ring, and so has two meanings. */
export function hasRepeatedPepper({ current, upcoming = [], retired = [] }: PepperRing): boolean {
  const keys = [current, ...upcoming, ...retired].map((pepper) => pepper && Buffer.from(pepper).toString('hex'))
  return new Set(keys).size < keys.length
}

function isPepperOrNone(value: unknown): boolean {
  return value === null || isPepper(value)
}

function isRing(pepper: Pepper | PepperRing | null): pepper is PepperRing {
  return typeof pepper === 'object' && pepper !== null && 'current' in pepper
}

function digester(pepper: Pepper | null): (secret: string) => string {
  if (pepper === null) return (secret) => hash('sha256', secret, 'base64url')
  const key = importKey(pepper)
  return (secret) => createHmac('sha256', key).update(secret).digest('base64url')
}

function importKey(pepper: Pepper): KeyObject {
  return typeof pepper === 'string' ? createSecretKey(pepper, 'utf8') : createSecretKey(pepper)
}
