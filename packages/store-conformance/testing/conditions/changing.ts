import { isDeepStrictEqual } from 'node:util'
import { countsUntil, prefixOfKey } from '@tessera/core'
import type { Decision, Idempotency, Kept, Seen, TokenRecord, TokenStore, Wants } from '@tessera/core'
import { announce, announceOwner } from '../../src/model/naive-store/changes.ts'
import { naiveStore } from '../../src/model/naive-store/naive-store.ts'
import { naiveState, write } from '../../src/model/naive-store/state.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import { findIn, roundTrip } from '../broken/broken.ts'

/** What a store that shows and writes in two trips does wrong. */
interface Mistakes {
  /** What it shows in the place of what there is. */
  readonly shows?: (seen: Seen, wants: Wants, state: NaiveState, owner: string) => Partial<Seen>
  /** What it compares before it writes; else all that was shown. */
  readonly compares?: (before: Seen, now: Seen, decision: Decision<unknown>) => boolean
  /** Writes a decision in another way. */
  readonly writes?: (state: NaiveState, owner: string, decision: Decision<unknown>) => void
  readonly announces?: 'late' | 'never if it failed'
  readonly catches?: boolean
}

export interface ChangingStore extends TokenStore {
  /** A handle that fails before it reaches the feed. */
  withoutFeed(): TokenStore
}

/** A store whose `change` is right but for its mistakes: it shows, waits, compares, writes, waits, and announces. */
export function changing(mistakes: Mistakes = {}): () => ChangingStore {
  return () => {
    const state = naiveState()
    const owed = new Set<string>()
    return { ...storeOf(state, owed, mistakes, true), withoutFeed: () => storeOf(state, owed, mistakes, false) }
  }
}

function storeOf(state: NaiveState, owed: Set<string>, mistakes: Mistakes, hasFeed: boolean): TokenStore {
  const { shows, compares = isSame, writes = writeAll, announces, catches = false } = mistakes
  const show = (owner: string, wants: Wants) => {
    const seen = seenIn(state, owner, wants)
    return { ...seen, ...shows?.(seen, wants, state, owner) }
  }

  async function announceDecision(owner: string, decision: Decision<unknown>, seen: Seen): Promise<void> {
    await roundTrip()
    if (!hasFeed) throw new Error('the feed does not answer')
    const shown = [...seen.records.values()].map(({ digest }) => digest).filter((digest) => owed.delete(digest))
    if (decision.announce === 'owner') announceOwner(state, owner)
    else for (const digest of new Set([...(decision.announce ?? []), ...shown])) announce(state, digest)
  }

  async function change<Answer>(
    owner: string,
    wants: Wants,
    decide: (seen: Seen) => Decision<Answer>,
  ): Promise<Answer> {
    for (;;) {
      await roundTrip()
      const seen = show(owner, wants)
      const decision = decide(seen)
      await roundTrip()
      if (!compares(seen, show(owner, wants), decision)) continue
      writes(state, owner, decision)
      if (announces !== 'never if it failed' && Array.isArray(decision.announce)) {
        for (const digest of decision.announce as readonly string[]) owed.add(digest)
      }
      const announced = announceDecision(owner, decision, seen)
      if (announces === 'late') void announced.catch(() => undefined)
      else await announced
      return decision.answer
    }
  }

  const naive = naiveStore(state)
  const { findByDigest, find, findById, list, recordUse, prune, feed } = naive
  return {
    change: catches ? (owner, wants, decide) => change(owner, wants, decide).catch(() => undefined as never) : change,
    findByDigest,
    find,
    findById,
    list,
    recordUse,
    prune,
    feed,
  }
}

export function seenIn(state: NaiveState, owner: string, { ids, key, keysAt, active }: Wants): Seen {
  const own = state.records.filter((record) => record.owner === owner)
  const isNear = ({ id, rotatedTo, rotatedFrom }: TokenRecord) =>
    [id, rotatedTo, rotatedFrom].some((near) => near !== null && ids.includes(near))
  const isCounted = (record: TokenRecord) =>
    active?.prefixes.includes(record.prefix) && (countsUntil(record) ?? 0) > active.at
  return {
    records: new Map(own.filter(isNear).map((record) => [record.id, record])),
    kept: keptIn(state, owner, key),
    active: active === undefined ? null : own.filter(isCounted).length,
    keys: keysAt === undefined ? null : keysOf(state, owner, keysAt, prefixOfKey(key ?? '')),
  }
}

function keptIn(state: NaiveState, owner: string, key: string | null): Kept | null {
  const found = state.requests.find((request) => request.owner === owner && request.key === key)
  if (found === undefined) return null
  const { fingerprint, expiresAt, answer } = found
  return { key: found.key, fingerprint, expiresAt, answer }
}

function keysOf(state: NaiveState, owner: string, at: number, prefix: string): number {
  const isCounted = (request: Idempotency) => prefixOfKey(request.key) === prefix && at < request.expiresAt
  return state.requests.filter((request) => request.owner === owner && isCounted(request)).length
}

export function isSame(before: Seen, now: Seen): boolean {
  const isKeptAlike = isDeepStrictEqual(before.kept?.answer, now.kept?.answer)
  return isSameOf(before.records, now.records) && isKeptAlike && before.active === now.active
}

export function isSameOf(before: Seen['records'], now: Seen['records']): boolean {
  return before.size === now.size && [...before].every(([id, record]) => now.get(id) === record)
}

export function writeAll(state: NaiveState, owner: string, { put = [], add = [], keep }: Decision<unknown>): void {
  const isTaken = ({ id, digest }: TokenRecord) =>
    findIn(state, owner, id) !== null || state.records.some((record) => record.digest === digest)
  if (add.some(isTaken)) throw new Error('the id or the digest is taken')
  for (const record of put) write(state, record)
  state.records = [...state.records, ...add]
  if (keep !== undefined)
    state.requests = [{ ...keep, owner, answer: keep.answer ?? { revoked: 0 } }, ...state.requests]
}
