import { asOf } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import type { RefusalReason } from '../token/verification.ts'
import type { BackgroundOptions } from './background.ts'
import { createDelivery } from './deliver-events.ts'
import { createFirstUses } from './first-uses.ts'
import { createRefusalThrottle } from './throttle-refusals.ts'
import { eventToken } from './token-event.ts'
import type { TokenEvent } from './token-event.ts'

/** A command on one token. */
export type CommandType = 'suspended' | 'resumed' | 'revoked' | 'edited'

/** Publishes to the hook what the verbs did. */
export interface Events {
  emit(event: TokenEvent): void
  issued(token: Token, at: number, replayed: boolean): void
  /** A confirmed command on one token. It changed the token if the change has the command's own time. */
  changed(type: CommandType, token: Token, command: Confirmed): void
  rotated(record: TokenRecord, successor: Token, command: Confirmed): void
  /** About the predecessor, at the first use of a successor. */
  replaced(successor: TokenRecord, at: number): void
  /** @param record The token of the presented secret, if there is one. */
  refused(reason: RefusalReason, record: TokenRecord | null): void
  /** An accepted token, unless it is certain to have been used before. */
  used(record: TokenRecord, at: number): void
  /** Resolves once the hook is done with all events so far. */
  delivered(): Promise<void>
}

interface Confirmed {
  readonly at: number
  readonly by: string | null
  readonly replayed?: boolean
}

/** The instant of a command's effect on a token. */
const INSTANTS: Readonly<Record<CommandType, (token: Token) => Date | null>> = {
  suspended: (token) => token.suspendedAt,
  resumed: (token) => token.updatedAt,
  revoked: (token) => token.revokedAt,
  edited: (token) => token.updatedAt,
}

const NO_TOKEN = { owner: null, tokenId: null, preview: null }

export function createEvents(
  options: BackgroundOptions & {
    readonly hook: (event: TokenEvent) => unknown
    readonly now: () => number
  },
): Events {
  const { add: emit, delivered } = createDelivery(options.hook, options)
  const throttle = createRefusalThrottle()
  const firstUses = createFirstUses()
  return {
    emit,
    issued(token, at, replayed) {
      emit({ type: 'issued', at: new Date(at), ...eventToken(token), by: token.createdBy, replayed })
    },
    changed(type, token, { at, by, replayed = false }) {
      const changed = !replayed && INSTANTS[type](token)?.getTime() === at
      const common = { at: new Date(at), ...eventToken(token), by, changed }
      emit(type === 'revoked' ? { type, ...common, reason: token.revokedReason ?? 'requested' } : { type, ...common })
    },
    rotated(record, successor, { at, by }) {
      emit({ type: 'rotated', at: new Date(at), ...eventToken(record), by, rotatedTo: successor.id })
    },
    replaced({ owner, rotatedFrom }, at) {
      const predecessor = { owner, tokenId: rotatedFrom ?? '', preview: null }
      emit({ type: 'revoked', at: new Date(at), ...predecessor, by: null, changed: true, reason: 'rotated' })
    },
    refused(reason, record) {
      const at = options.now()
      const isReuse = record !== null && asOf(record, at).revokedReason === 'rotated'
      const omitted = throttle.pass(isReuse ? 'reused_after_rotation' : reason, at)
      if (omitted === null) return
      if (isReuse) emit({ type: 'reused_after_rotation', at: new Date(at), ...eventToken(record), omitted })
      else
        emit({
          type: 'refused',
          at: new Date(at),
          ...(record === null ? NO_TOKEN : eventToken(record)),
          reason,
          omitted,
        })
    },
    used(record, at) {
      if (firstUses.add(record)) emit({ type: 'first_used', at: new Date(at), ...eventToken(record) })
    },
    delivered,
  }
}
