import { StoreError } from '@tessera/core'
import type { Call, Joining } from '@tessera/core'
import { sqlStateOf } from '../driver/sql-state.ts'

/** A unique index, a value out of range, or an added id: by `sqlStateOf`. */
const OWN_STATE = /^(?:22|23|40001$)/
const OWN_FAULT = /^(?:a text with NUL |a token was to be added |a step adds an id that is in use$)/
/** A lock was not free in time, or the clock was over. */
const LATE_STATE = /^(?:55P03|57014)$/

/**
 * How calls of one process are joined: all of one owner that wait. Changes of one owner follow each other, as of two at once the
 * later would only be shown what the earlier is about to replace. And each waits for its entry in the feed, and for the disk.
 */
export const joining: Omit<Joining<Call>, 'carryOut'> = {
  namesOf: (owner) => [owner],
  // They have the same key, and count tokens of the same prefixes.
  laneOf: ({ wants: { key, active } }) => JSON.stringify([key, active?.prefixes ?? null]),
  isOwnFault(error) {
    const cause = causeIn(error)
    return OWN_STATE.test(sqlStateOf(cause) ?? '') || (cause instanceof Error && OWN_FAULT.test(cause.message))
  },
}

/** Whether a change took no effect, as the first of those who wait for it gave up. */
export function isLate(error: unknown): boolean {
  return LATE_STATE.test(sqlStateOf(causeIn(error)) ?? '')
}

function causeIn(error: unknown): unknown {
  return error instanceof StoreError ? error.cause : error
}
