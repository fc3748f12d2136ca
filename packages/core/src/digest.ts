import { createHmac, createSecretKey, hash } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** A server-side key that digests depend on, kept apart from the store: at least 32 bytes, or 32 characters of text. */
export type Pepper = string | Uint8Array

/** Pepper that can be changed: new digests use `current`, tokens kept under a `retired` one are found and re-keyed. */
export interface PepperRing {
  /** `null` while there is none, and the first one is made known as `retired` to processes that do not use it yet. */
  readonly current: Pepper | null
  /** `null` stands for the time before there was a pepper. */
  readonly retired?: readonly (Pepper | null)[]
}

/** The digests that one secret may be kept under. */
export interface Digests {
  current(secret: string): string
  /** The current digest first, then one for each retired pepper. */
  all(secret: string): readonly [current: string, ...retired: string[]]
}

/** What stores key by, base64url: the secret's SHA-256, or its HMAC-SHA-256 when there is a pepper. */
export function digestSecret(secret: string, pepper: Pepper | null = null): string {
  if (!isPepperOrNone(pepper)) throw new TypeError('digestSecret: pepper must be at least 32 bytes or characters')
  return digester(pepper)(secret)
}

export function createDigests(pepper: Pepper | PepperRing | null): Digests {
  const ring = isRing(pepper) ? pepper : { current: pepper, retired: [] }
  const current = digester(ring.current)
  const retired = (ring.retired ?? []).map(digester)
  return {
    current,
    all:
      retired.length === 0
        ? (secret) => [current(secret)]
        : (secret) => [current(secret), ...retired.map((digest) => digest(secret))],
  }
}

export function isPepper(value: unknown): value is Pepper {
  return (typeof value === 'string' || value instanceof Uint8Array) && value.length >= 32
}

export function isPepperRing(value: unknown): value is PepperRing {
  if (typeof value !== 'object' || value === null || !('current' in value)) return false
  const { current, retired = [], ...unknown }: { current: unknown; retired?: unknown } = value
  return Object.keys(unknown).length === 0 && Array.isArray(retired) && [current, ...retired].every(isPepperOrNone)
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
