import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { TracingChannel } from 'node:diagnostics_channel'
import type { RefusalReason } from '../token/verification.ts'
import type { StoreErrorCode, TokenErrorCode } from '../token/errors.ts'
import type { TokenEvent } from './token-event.ts'

/** What every message has. It is one object from the start of a call to its end. */
export interface TracedCall {
  /** The verb, or the method of the store. */
  readonly operation: string
  /** The API: the prefix of its new tokens. */
  readonly prefix: string
  /** `null` until the call has ended. */
  readonly outcome: string | null
  /** Why it was refused, or why the store failed; otherwise `null`. */
  readonly reason: string | null
  /** `null` until the call has ended. */
  readonly durationMs: number | null
  /** What the call rejected with. */
  readonly error?: unknown
}

/** The token of a call, as far as its answer shows it. */
interface TracedToken {
  readonly owner: string | null
  readonly tokenId: string | null
}

/**
 * The messages on the tracing channels of `node:diagnostics_channel`. `verify` and `store` are on `tessera:verify` and
 * `tessera:store`, `verb` is on a channel for each verb, such as `tessera:issue`. `event` is on the plain channel
 * `tessera:event`. No message holds a secret or a digest. A subscriber must not throw.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#class-tracingchannel
 */
export interface Diagnostics {
  readonly verify: TracedCall &
    TracedToken & {
      readonly operation: 'verify' | 'verifyNow' | 'authenticate' | 'checkById' | 'noteRefusal'
      readonly outcome: 'accepted' | 'refused' | 'failed' | null
      readonly reason: RefusalReason | StoreErrorCode | null
    }
  readonly verb: TracedCall &
    TracedToken & {
      /** `not_found` for an answer of `null`; `refused` by a rule of the tokens, `failed` by the store or the program. */
      readonly outcome: 'done' | 'not_found' | 'refused' | 'failed' | null
      readonly reason: TokenErrorCode | StoreErrorCode | null
    }
  readonly store: TracedCall & {
    /** The operation in words, as errors have it. Of one method there may be several. */
    readonly label: string
    readonly outcome: 'done' | 'failed' | null
    readonly reason: StoreErrorCode | null
  }
  /** Each event of `onEvent`, without the hook as well. */
  readonly event: { readonly operation: TokenEvent['type']; readonly prefix: string; readonly event: TokenEvent }
}

/** The channel of a verb. */
export function channelOf(name: string): TracingChannel<unknown, TracedCall> {
  return tracingChannel<unknown, TracedCall>(`tessera:${name}`)
}

export const verifyChannel: TracingChannel<unknown, TracedCall> = channelOf('verify')

export const storeChannel: TracingChannel<unknown, TracedCall> = channelOf('store')

const events = channel('tessera:event')

export function areEventsHeard(): boolean {
  return events.hasSubscribers
}

export function publishEvent(prefix: string, event: TokenEvent): void {
  if (!events.hasSubscribers) return
  events.publish({ operation: event.type, prefix, event } satisfies Diagnostics['event'])
}
