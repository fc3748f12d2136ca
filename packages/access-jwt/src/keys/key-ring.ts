import type { KeyObject } from 'node:crypto'
import type { AccessKey, LoadedKey, PublicAccessKey } from './access-key.ts'
import { loadAccessKey } from './access-key.ts'

/**
 * A key and the start of its turn. A key signs from its `startsAt` until the next key's. It is published before, and
 * verifies afterwards for the lifetime of its tokens.
 */
export interface ScheduledKey {
  readonly key: AccessKey
  /** Left out for the first key: it signs from the beginning. */
  readonly startsAt?: Date
}

/** A JWK Set (RFC 7517 §5). */
export interface JsonWebKeySet {
  readonly keys: readonly PublicAccessKey[]
}

export interface KeyRing {
  /** The signing key at `now`. */
  current(now: number): LoadedKey
  /** The key named by a token, as long as its tokens may be accepted. */
  find(kid: string, alg: string, now: number): KeyObject | null
  /** The keys found by `find`. */
  published(now: number): JsonWebKeySet
}

interface Turn extends LoadedKey {
  readonly startsAt: number
  /** The start of the next one. */
  readonly endsAt: number
}

/** The rule of {@link createKeyRing}, to complete "must be …". */
export const KEYS =
  'a list of { key, startsAt }: each key another one of generateAccessKey(), one of them without startsAt'

/**
 * @param outliveMs How long a key verifies after its turn: the lifetime of tokens, and the tolerance of clocks.
 * @returns `null` for anything but {@link KEYS}
 */
export function createKeyRing(keys: unknown, outliveMs: number): KeyRing | null {
  const turns = turnsOf(keys)
  const [first, ...others] = turns ?? []
  if (turns === null || first === undefined) return null

  const isKnown = ({ endsAt }: Turn, now: number) => now < endsAt + outliveMs

  return {
    current: (now) => others.findLast(({ startsAt }) => startsAt <= now) ?? first,
    find(kid, alg, now) {
      const turn = turns.find(({ published }) => published.kid === kid && published.alg === alg)
      return turn !== undefined && isKnown(turn, now) ? turn.publicKey : null
    },
    published: (now) => ({
      keys: turns.filter((turn) => isKnown(turn, now)).map(({ published }) => ({ ...published })),
    }),
  }
}

function turnsOf(keys: unknown): readonly Turn[] | null {
  if (!Array.isArray(keys)) return null
  const starts = keys.map(startOf).toSorted((one, other) => one.startsAt - other.startsAt)
  const turns = starts.flatMap(({ loaded, startsAt }, place) =>
    loaded === null ? [] : [{ ...loaded, startsAt, endsAt: starts[place + 1]?.startsAt ?? Number.POSITIVE_INFINITY }],
  )
  const kids = new Set(turns.map(({ published }) => published.kid))
  const times = new Set(turns.map(({ startsAt }) => startsAt))
  const isWhole = kids.size === keys.length && times.size === keys.length
  return isWhole && starts[0]?.startsAt === Number.NEGATIVE_INFINITY && !times.has(Number.NaN) ? turns : null
}

function startOf(scheduled: Partial<ScheduledKey> | null): { loaded: LoadedKey | null; startsAt: number } {
  const { key, startsAt, ...unknown } = scheduled ?? {}
  const isKnown = Object.keys(unknown).length === 0
  return { loaded: isKnown ? loadAccessKey(key) : null, startsAt: instantOf(startsAt) }
}

function instantOf(startsAt: unknown): number {
  if (startsAt === undefined) return Number.NEGATIVE_INFINITY
  return startsAt instanceof Date ? startsAt.getTime() : Number.NaN
}
