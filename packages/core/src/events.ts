import { createDelivery } from './deliver-events.ts'
import { createFirstUses } from './first-uses.ts'
import { createRefusalThrottle } from './throttle-refusals.ts'
import { eventToken } from './token-event.ts'
import type { TokenEvent } from './token-event.ts'
import type { Token, TokenRecord } from './token.ts'
import type { RefusalReason } from './verify-token.ts'

/** What the verbs tell of their work, where there is a hook to tell. */
export interface Events {
  emit(event: TokenEvent): void
  issued(token: Token, at: number, replayed: boolean): void
  /** Of a command on one token, confirmed: it changed the token if that was last changed at the command's own time. */
  changed(type: 'suspended' | 'resumed' | 'revoked', token: Token, at: number, by: string | null): void
  /** @param record Of the token whose secret was presented, if there is one. */
  refused(reason: RefusalReason, record: TokenRecord | null): void
  /** Of a token that was accepted, unless it is certain to have been before. */
  used(record: TokenRecord, at: number): void
  /** Resolves when the hook is done with all events so far. */
  settle(): Promise<void>
}

const NO_TOKEN = { owner: null, tokenId: null, preview: null }

export function createEvents(options: {
  readonly hook: (event: TokenEvent) => unknown
  readonly now: () => number
  readonly onError: (error: Error) => void
}): Events {
  const { add: emit, settle } = createDelivery(options.hook, options.onError)
  const throttle = createRefusalThrottle()
  const firstUses = createFirstUses()
  return {
    emit,
    issued(token, at, replayed) {
      emit({ type: 'issued', at: new Date(at), ...eventToken(token), by: token.createdBy, replayed })
    },
    changed(type, token, at, by) {
      const facts = { at: new Date(at), ...eventToken(token), by, changed: token.updatedAt.getTime() === at }
      emit(type === 'revoked' ? { type, ...facts, reason: 'requested' } : { type, ...facts })
    },
    refused(reason, record) {
      const at = options.now()
      const omitted = throttle.pass(reason, at)
      if (omitted === null) return
      const token = record === null ? NO_TOKEN : eventToken(record)
      emit({ type: 'refused', at: new Date(at), ...token, reason, omitted })
    },
    used(record, at) {
      if (firstUses.add(record)) emit({ type: 'first_used', at: new Date(at), ...eventToken(record) })
    },
    settle,
  }
}
