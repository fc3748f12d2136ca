import { originOf } from '../token/request-context.ts'
import type { Origin, RequestContext } from '../token/request-context.ts'
import { asOf, toToken } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import type { RefusalReason, VerifyOptions } from '../token/verification.ts'
import { changesBetween } from './token-changes.ts'
import { createDelivery } from './deliver-events.ts'
import type { DeliveryOptions } from './deliver-events.ts'
import { areEventsHeard } from './diagnostics.ts'
import { createFirstUses } from './first-uses.ts'
import { createRefusalThrottle } from './throttle-refusals.ts'
import { eventToken } from './token-event.ts'
import type { ActedBy, EventOf, TokenEvent } from './token-event.ts'

/** A command on one token. */
export type CommandType = 'suspended' | 'resumed' | 'edited'

/** The instant of a command, and its actor. */
export interface Command extends ActedBy {
  readonly at: number
  /** The id of the token whose secret was presented, unless another one acts. */
  readonly holder?: string | undefined
}

/** A token before and after a step. `former` is `null` if it is not at hand. */
export interface Taken {
  readonly former: TokenRecord | null
  readonly record: TokenRecord
  readonly replayed: boolean
}

/** Publishes what the verbs did to the hook, and on the channel. */
export interface Events {
  /** Whether anybody listens. Without, events are not made. */
  readonly areHeard: () => boolean
  emit(event: EventOf, command: Command): void
  /** The same. Resolves once the hook is done with the event, with whether it took it. */
  handed(event: EventOf, command: Command): Promise<boolean>
  issued(token: Token, command: Command, answer: Answer): void
  /** A confirmed command on one token. A replayed one changed nothing. */
  changed(type: CommandType, taken: Taken, command: Command): void
  /** @param ended The ids of the tokens that ended with this one. */
  revoked(taken: Taken, ended: readonly string[], command: Command): void
  /** @param predecessor The replaced token, after a first request; `null` if it is not at hand. */
  rotated(predecessor: TokenRecord | null, successor: TokenRecord, command: Command, answer: Answer): void
  /** About a predecessor, revoked at the first use of a successor. */
  replaced(record: TokenRecord, successor: TokenRecord, at: number, request: Request): void
  /** @param record The token of the presented secret, if there is one. */
  refused(reason: RefusalReason, record: TokenRecord | null, request: Request): void
  /** A refusal after the verification. */
  refusedLater(reason: RefusalReason, token: RefusedCaller | null, request: Request): void
  /** An accepted token, unless it is certain to have been used before. */
  used(record: TokenRecord, at: number, request: Request): void
  /** Resolves once the hook is done with all events so far. */
  delivered(): Promise<void>
  /** How many events the hook is not done with. */
  pending(): number
}

type Request = Pick<VerifyOptions, 'ip' | 'context'>

/** A token, or a person of the owner. */
export interface RefusedCaller extends Pick<Token, 'owner'>, Partial<Pick<Token, 'id' | 'preview'>> {}

interface Answer {
  readonly replayed: boolean
  readonly secretShown: boolean
}

const UNKNOWN: Origin = { ip: null, requestId: null }

export function createEvents(options: DeliveryOptions & { readonly now: () => number }): Events {
  const { add, handed, delivered, pending } = createDelivery(options)
  const throttle = createRefusalThrottle()
  const firstUses = createFirstUses()

  function emit(event: EventOf, command: Command): void {
    add(whole(event, command))
  }

  function whole(event: EventOf, { at, by, actor, holder, context }: Command): TokenEvent {
    const byToken = actor?.id ?? holder ?? null
    const common = { at: new Date(at), by: by ?? null, byToken, ...originIn(contextOf({ ip: actor?.ip, context })) }
    return { ...event, ...common }
  }

  function originIn(context: () => RequestContext): Origin {
    try {
      const { ip, requestId, ...others } = context()
      const [unknown] = Object.keys(others)
      if (unknown !== undefined) options.onError(unknownFact(unknown))
      return originOf({ ip, requestId })
    } catch (thrown) {
      options.onError(thrown instanceof Error ? thrown : new Error('the context of a request threw', { cause: thrown }))
      return UNKNOWN
    }
  }

  function refusedLater(reason: RefusalReason, token: RefusedCaller | null, request: Request): void {
    const at = options.now()
    const omitted = throttle.pass(reason, token, at)
    if (omitted === null) return
    const { owner = null, id: tokenId = null, preview = null } = token ?? {}
    emit({ type: 'refused', owner, tokenId, preview, reason, omitted }, { at, context: contextOf(request) })
  }

  return {
    areHeard: () => options.hook !== undefined || areEventsHeard(),
    emit,
    handed: (event, command) => handed(whole(event, command)),
    issued(token, command, answer) {
      const { name, scopes, networks, expiresAt, issuedBy } = token
      emit({ type: 'issued', ...eventToken(token), name, scopes, networks, expiresAt, issuedBy, ...answer }, command)
    },
    changed(type, taken, command) {
      emit({ type, ...factsOf(taken, command) }, command)
    },
    revoked(taken, ended, command) {
      const reason = taken.record.revokedReason ?? 'requested'
      emit({ type: 'revoked', ...factsOf(taken, command), reason, ended }, command)
    },
    rotated(predecessor, successor, command, answer) {
      const { owner, rotatedFrom, id: rotatedTo } = successor
      const replaced =
        predecessor === null ? { owner, tokenId: rotatedFrom ?? '', preview: null } : eventToken(predecessor)
      const { overlapEndsAt } = toToken(successor, command.at)
      const isKnown = predecessor !== null && !answer.replayed
      const changes = isKnown ? changesBetween(asActive(predecessor), successor, successor.createdAt) : {}
      emit({ type: 'rotated', ...replaced, rotatedTo, overlapEndsAt, changes, ...answer }, command)
    },
    replaced(record, { id }, at, request) {
      const former = record.revokedAt === at ? { ...record, revokedAt: null } : record
      const command = { at, holder: id, context: contextOf(request) }
      const facts = factsOf({ former, record, replayed: false }, command)
      emit({ type: 'revoked', ...facts, reason: record.revokedReason ?? 'rotated', ended: [] }, command)
    },
    refused(reason, record, request) {
      const at = options.now()
      if (record === null || asOf(record, at).revokedReason !== 'rotated') return refusedLater(reason, record, request)
      const omitted = throttle.pass('reused_after_rotation', record, at)
      if (omitted === null) return
      emit({ type: 'reused_after_rotation', ...eventToken(record), omitted }, { at, context: contextOf(request) })
    },
    refusedLater,
    used(record, at, request) {
      if (firstUses.add(record))
        emit({ type: 'first_used', ...eventToken(record) }, { at, context: contextOf(request) })
    },
    delivered,
    pending,
  }
}

/** The token of a command, and what the command changed. */
function factsOf({ former, record, replayed }: Taken, { at }: Command) {
  const changes = replayed || former === null ? {} : changesBetween(former, record, at)
  return { ...eventToken(record), changed: Object.keys(changes).length > 0, changes, replayed }
}

/** The context of a verification. The address that it decides by stands in for a missing one. */
function contextOf({ ip, context }: Request): () => RequestContext {
  return () => {
    const given = typeof context === 'function' ? context() : context
    return { ...given, ip: given?.ip ?? ip }
  }
}

function unknownFact(name: string): TypeError {
  return new TypeError(`the context of a request: unknown option "${name}"; the options are ip, requestId`)
}

/** A rotation changes the status of the old token, not that of the line. */
function asActive(record: TokenRecord): TokenRecord {
  return { ...record, revokedAt: null, suspendedAt: null, rotatedTo: null }
}
