import type { ScopeRules } from '../token/scope.ts'
import type { TokenRecord } from '../token/token.ts'
import { refusalOf } from './still-accepted.ts'
import type { Needs } from './still-accepted.ts'
import type { WatchErrorCode } from './watch-error.ts'

/** An open watch. A steady instant is one of `performance.now()`. */
export interface Stream {
  readonly needs: Needs
  readonly withinMs: number
  /** Steady. */
  readonly openedAt: number
  readonly controller: AbortController
}

/** A watched token, shared by its streams. */
export interface WatchedToken {
  readonly owner: string
  readonly id: string
  readonly streams: Set<Stream>
  /** As it was read last; `undefined` before that. */
  record: TokenRecord | null | undefined
  /** Steady: the record has every change acknowledged before. */
  confirmedAt: number
}

/** The streams that may not go on, by the record of their token, each with its reason. */
export function endedStreams(
  { record, streams }: WatchedToken,
  now: number,
  rules: ScopeRules,
): readonly (readonly [Stream, WatchErrorCode])[] {
  if (record === undefined) return []
  return [...streams].flatMap((stream) => {
    const code = refusalOf(record, stream.needs, now, rules)
    return code === null ? [] : [[stream, code] as const]
  })
}

/** Steady: from then on nobody knows whether the token of the stream has ended. */
export function knownUntil({ confirmedAt }: WatchedToken, { openedAt, withinMs }: Stream): number {
  return Math.max(confirmedAt, openedAt) + withinMs
}
