import { warn } from '../observe/warn.ts'
import type { Settings } from '../setup/settings.ts'
import type { Requirements } from '../token/scope.ts'
import { endOf, statusOf } from '../token/token.ts'
import { createAlarm } from './alarm.ts'
import { createFollower } from './follow-changes.ts'
import { refusalAtCall } from './still-accepted.ts'
import type { Needs } from './still-accepted.ts'
import { endedStreams, knownUntil } from './stream.ts'
import type { Stream, WatchedToken } from './stream.ts'
import { WatchError } from './watch-error.ts'
import type { WatchErrorCode } from './watch-error.ts'
import { WITHIN_MS, checkWatchOptions, checkWatchedToken } from './watch-options.ts'
import type { VerifiedToken, WatchOptions } from './watch-options.ts'

/** In the time of each stream, the feed is read so many times. */
const READINGS = 5
const WITHOUT_FEED = 'watch: the store has no change feed, so every watched token is read again five times in its time'

/** A watch of a token, for as long as a stream is open. */
export interface Watch {
  /** Aborts once the watch ends, whatever ends it. Its `reason` is a {@link WatchError}. */
  readonly signal: AbortSignal
  /** Ends the watch, and frees all that it holds. Call it at the end of the stream; calling it again does nothing. */
  close(): void
}

export interface Watcher {
  watch(token: VerifiedToken, options: WatchOptions): Watch
  /** How many watches are open. */
  count(): number
  /** Ends all watches, and every later one at once. */
  close(): void
}

/** The verb `watch`. */
export function createWatcher(settings: Settings): Watcher {
  const byName = new Map<string, WatchedToken>()
  const watched = new Set<WatchedToken>()
  const slides = settings.expiry.slidingMs !== undefined
  const rules = { wildcards: settings.wildcards, slides }
  let shortestMs = Number.POSITIVE_INFINITY
  let count = 0
  let isClosed = false
  let isSlow = settings.store.feed === null

  const follower = createFollower(settings, {
    watched,
    intervalMs: () => shortestMs / READINGS,
    onRead(token) {
      endByRecord(token)
      alarm.by(endsOn(token))
    },
    onIdle: () => alarm.by(follower.dueAt()),
  })
  const alarm = createAlarm(wake)

  function watch(token: VerifiedToken, options: WatchOptions): Watch {
    checkWatchedToken(token)
    checkWatchOptions(options)
    const needs = needsOf(token, options)
    const { withinMs = WITHIN_MS } = options
    const stream: Stream = { needs, withinMs, openedAt: performance.now(), controller: new AbortController() }
    const { signal } = stream.controller
    const code = isClosed ? 'closed' : refusalAtCall(token, needs, settings.now(), rules)
    if (code !== null) {
      stream.controller.abort(new WatchError(code))
      return { signal, close() {} }
    }
    const of = open(token, stream)
    return { signal, close: () => end(of, stream, 'closed') }
  }

  function open({ owner, id }: VerifiedToken, stream: Stream): WatchedToken {
    if (isSlow) warn(new Error(WITHOUT_FEED))
    isSlow = false
    // An owner holds no control character.
    const name = `${owner}\n${id}`
    const known = byName.get(name)
    const token = known ?? { owner, id, streams: new Set(), record: undefined, confirmedAt: Number.NEGATIVE_INFINITY }
    byName.set(name, token)
    watched.add(token)
    token.streams.add(stream)
    count += 1
    shortestMs = Math.min(shortestMs, stream.withinMs)
    // The token may have ended since its verification, also if it is watched already.
    follower.read(token)
    follower.work()
    alarm.by(stream.openedAt + stream.withinMs)
    return token
  }

  function end(token: WatchedToken, stream: Stream, code: WatchErrorCode, cause?: Error | null): void {
    if (!token.streams.delete(stream)) return
    count -= 1
    if (token.streams.size === 0) {
      byName.delete(`${token.owner}\n${token.id}`)
      watched.delete(token)
      follower.forget(token)
    }
    if (count === 0) rest()
    stream.controller.abort(new WatchError(code, cause ?? undefined))
  }

  function endByRecord(token: WatchedToken): void {
    for (const [stream, code] of endedStreams(token, settings.now(), rules)) end(token, stream, code)
  }

  function endByClock(token: WatchedToken, now: number): void {
    const { record } = token
    if (record === undefined || record === null || follower.isAwaited(token) || now < endOfAny(token)) return
    // A use may have moved the expiry since, and no feed announces that.
    if (slides && statusOf(record, now) === 'expired') follower.read(token)
    else endByRecord(token)
  }

  function endUnknown(token: WatchedToken, steady: number): void {
    for (const stream of token.streams) {
      if (steady >= knownUntil(token, stream)) end(token, stream, 'store_unavailable', follower.failure())
    }
  }

  function wake(): void {
    const now = settings.now()
    const steady = performance.now()
    for (const token of watched) {
      endByClock(token, now)
      endUnknown(token, steady)
    }
    follower.work()
    sleep()
  }

  /** Until the next reading, or the next end by a clock. */
  function sleep(): void {
    if (count === 0) return
    let wakeAt = follower.dueAt()
    shortestMs = Number.POSITIVE_INFINITY
    for (const token of watched) {
      wakeAt = Math.min(wakeAt, endsOn(token))
      for (const stream of token.streams) {
        shortestMs = Math.min(shortestMs, stream.withinMs)
        wakeAt = Math.min(wakeAt, knownUntil(token, stream))
      }
    }
    alarm.set(wakeAt)
  }

  function rest(): void {
    shortestMs = Number.POSITIVE_INFINITY
    alarm.set(Number.POSITIVE_INFINITY)
  }

  /** Steady: the end of a token by the clock. One that is to be read first has none. */
  function endsOn(token: WatchedToken): number {
    if (follower.isAwaited(token)) return Number.POSITIVE_INFINITY
    return performance.now() + endOfAny(token) - settings.now()
  }

  return {
    watch,
    count: () => count,
    close() {
      isClosed = true
      for (const token of watched) for (const stream of token.streams) end(token, stream, 'closed')
    },
  }
}

function needsOf({ credentialEndsAt, networks }: VerifiedToken, options: WatchOptions): Needs {
  const { scopes, anyScope, requirements = [], ip = null } = options
  const own: Requirements = { ...(scopes && { scopes }), ...(anyScope && { anyScope }) }
  const until = credentialEndsAt?.getTime() ?? Number.POSITIVE_INFINITY
  return { requirements: [own, ...requirements], ip, networks, until }
}

/** In epoch milliseconds: the end of a token by the clock, or of the credential of one of its streams. */
function endOfAny({ record, streams }: WatchedToken): number {
  let end = record === undefined || record === null ? Number.POSITIVE_INFINITY : endOf(record)
  for (const { needs } of streams) end = Math.min(end, needs.until)
  return end
}
