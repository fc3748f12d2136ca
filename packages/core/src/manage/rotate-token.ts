import type { Command } from '../observe/events.ts'
import { actorIn } from '../observe/token-event.ts'
import type { ActedBy } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import type { Ceiling } from '../steps/decision/ceiling.ts'
import { withFormer } from '../steps/decision/with-former.ts'
import type { WithFormer } from '../steps/decision/with-former.ts'
import { rotate } from '../steps/rotate.ts'
import type { RotateOutcome, Rotation } from '../steps/rotate.ts'
import type { Step } from '../steps/decision/decision.ts'
import type { More, Unseen } from '../steps/decision/unused-successors.ts'
import type { Renewal } from '../steps/inherit.ts'
import { confirmGone } from '../store/confirm-gone.ts'
import { takeShownWithFormer } from '../store/take-shown.ts'
import { TokenError } from '../token/errors.ts'
import { instantOf } from '../token/expiry.ts'
import { openSecret, sealSecret } from '../token/secret/sealed-secret.ts'
import { statusOf, toToken } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import { findBySecret } from '../verify/find-by-secret.ts'
import { tokenNotFound } from './change-token.ts'
import { expiryFactOf } from './issue-token.ts'
import type { Issued, Replayed } from './issue-token.ts'
import { limitReached } from './request/limit-reached.ts'
import { idTaken, newSecret } from './new-secret.ts'
import { checkActor } from './request/check-actor.ts'
import { ceilingIn, tokenBeyond } from './request/ceilings.ts'
import type { CeilingOptions } from './request/ceilings.ts'
import { creatorIn } from './request/creator.ts'
import type { CreatorOption } from './request/creator.ts'
import { checkIdempotencyKey, idempotencyOf, refusalByKey } from './request/idempotency.ts'
import type { IdempotentOptions } from './request/idempotency.ts'
import { askedFor } from './request/overlap.ts'
import type { Asked, OverlapOptions } from './request/overlap.ts'
import { ceilingsOf, takeStep } from './request/take-step.ts'
import { checkSealUnder, sealedFor, secretAgain } from './request/secret-again.ts'
import type { SealOptions } from './request/secret-again.ts'

export interface RotateOptions extends ActedBy, OverlapOptions {
  /**
   * The expiry of the new token, a future instant; `null` for no expiry. Left out, that of the old one. Within the rules of
   * the API and the ceiling of the token. `maxMs` counts from the first of the line, and from now for `rotate` by a person
   * or the app. With the secret alone it is no later than the expiry of the old token.
   */
  readonly expiresAt?: Date | null | undefined
}

/** A successor with its secret; `replayed` if an earlier call with the same old secret made it. */
export interface Rotated {
  readonly token: Token
  readonly secret: string
  readonly replayed: boolean
}

/** The verb `rotate`. */
export async function rotateToken(
  settings: Settings,
  owner: string,
  id: string,
  options: RotateOptions & CreatorOption & CeilingOptions & IdempotentOptions & SealOptions,
): Promise<Issued | Replayed> {
  const asked = askedFor(options)
  const given = ceilingIn(options)
  const creator = creatorIn(options)
  const { actor } = options
  checkActor(actor)
  checkSealUnder(options, settings)
  const now = settings.now()
  const idempotency = idempotencyOf(options.idempotencyKey, () => factsOf(id, asked, options), now)
  if (!settings.ids.matches(id)) throw tokenNotFound()
  const made = newSecret(settings, owner, now)
  const request = { ...options, owner }
  const sealed = sealedFor(request, made)
  const asker = actor === undefined ? 'owner' : actor.id === id ? 'holder' : 'token'
  const renewal = renewalIn(options, asker, settings)
  let ceilings: readonly Ceiling[] = [given]
  const { answer: rotated, former } = await takeRotation(settings, owner, options, now, (acting, more) => {
    // A token gets no more by rotating itself.
    ceilings = actor?.id === id ? [given] : [given, ...ceilingsOf(acting, actor)]
    const rotation: Rotation = {
      at: now,
      idempotency,
      overlapMs: asked.overlapMs,
      reason: asked.reason,
      successor: { ...made.facts, ...creator },
      sealedSuccessor: null,
      sealed,
      activeLimit: settings.activeLimit,
      renewal,
      ceilings,
      rules: settings,
    }
    return withFormer(id, rotate(id, rotation, more))
  })
  const command = { ...actorIn(options), at: now }
  switch (rotated.outcome) {
    case 'not_found':
      throw tokenNotFound()
    case 'not_allowed':
      throw new TokenError('invalid_transition', 'only an active token can be rotated')
    case 'already_rotated':
      throw alreadyRotated(rotated.record)
    case 'replayed': {
      const again = await secretAgain(settings, request, rotated, now, ceilings)
      return replayOf(settings, rotated.record, former, again, command)
    }
    default:
      return answerTo(settings, owner, rotated, former, made.secret, command)
  }
}

/** The verb `rotateSecret`. */
export async function rotateSecret(
  settings: Settings,
  secret: string,
  options: RotateOptions & IdempotentOptions,
): Promise<Rotated | Replayed | null> {
  const asked = askedFor(options)
  checkIdempotencyKey(options.idempotencyKey)
  const found = await findBySecret(settings, secret)
  if (found === null) return null
  const { owner, id } = found
  const now = settings.now()
  const command = { ...actorIn(options), at: now, holder: id }
  const made = newSecret(settings, owner, now)
  const sealedSuccessor = sealSecret(made.secret, secret, { owner, from: id, to: made.facts.id })
  const idempotency = idempotencyOf(options.idempotencyKey, () => factsOf(id, asked, options), now)
  const { activeLimit } = settings
  const rotation = { ...asked, activeLimit, at: now, idempotency, successor: made.facts, sealedSuccessor }
  const renewal = renewalIn(options, 'holder', settings)
  const { answer: rotated, former } = await takeRotation(settings, owner, options, now, (_acting, more) =>
    withFormer(id, rotate(id, { ...rotation, renewal }, more)),
  )
  switch (rotated.outcome) {
    case 'not_found':
      await confirmGone(settings.store, found, [...settings.digests.all(secret), found.digest], 'rotate a token')
      return null
    case 'not_allowed':
      return null
    case 'already_rotated': {
      const { record, successor } = rotated
      // The secret of a suspended successor would be of no use, and its suspension no secret's to undo.
      const isActive = statusOf(successor, now) === 'active'
      const again = isActive ? openSuccessor(record, successor.id, secret) : null
      if (again === null) throw alreadyRotated(record)
      settings.events()?.rotated(former, successor, command, { replayed: true, secretShown: true })
      return { token: toToken(successor, now), secret: again, replayed: true }
    }
    default:
      return answerTo(settings, owner, rotated, former, made.secret, command)
  }
}

function takeRotation(
  settings: Settings,
  owner: string,
  options: ActedBy,
  at: number,
  step: (acting: TokenRecord | null, more: More) => Step<WithFormer<RotateOutcome | Unseen>>,
): Promise<WithFormer<RotateOutcome>> {
  return takeShownWithFormer((more) => takeStep(settings, owner, options, at, (acting) => step(acting, more)))
}

/** The common answers of both ways to rotate. */
function answerTo(
  settings: Settings,
  owner: string,
  rotated: Exclude<RotateOutcome, { readonly outcome: 'not_found' | 'not_allowed' | 'already_rotated' }>,
  former: TokenRecord | null,
  secret: string,
  command: Command,
): Issued | Replayed {
  switch (rotated.outcome) {
    case 'rotated': {
      settings.events()?.rotated(former, rotated.successor, command, { replayed: false, secretShown: true })
      return { token: toToken(rotated.successor, command.at), secret, replayed: false }
    }
    case 'replayed':
      return replayOf(settings, rotated.record, former, null, command)
    case 'idempotency_conflict':
    case 'idempotency_limit_reached':
      throw refusalByKey(rotated.outcome)
    case 'successor_ended': {
      const details = { rotatedTo: rotated.record.id }
      throw new TokenError('invalid_transition', 'the successor is not active any more', details)
    }
    case 'too_many_unused':
      throw new TokenError('invalid_transition', 'nobody used the token, nor the many before it: use it first')
    case 'limit_reached':
      throw limitReached(settings, owner, rotated.active, command)
    case 'against_rules':
      throw rotated.error
    case 'insufficient_scope':
    case 'beyond_networks':
    case 'beyond_expiry':
      throw tokenBeyond(rotated)
    case 'id_taken':
      throw idTaken()
  }
}

function replayOf(
  { events }: Settings,
  successor: TokenRecord,
  former: TokenRecord | null,
  secret: string | null,
  command: Command,
): Replayed {
  events()?.rotated(former, successor, command, { replayed: true, secretShown: secret !== null })
  return { token: toToken(successor, successor.createdAt), secret, replayed: true }
}

function openSuccessor({ owner, id, sealedSuccessor }: TokenRecord, to: string, under: string): string | null {
  return sealedSuccessor && openSecret(sealedSuccessor, under, { owner, from: id, to })
}

function alreadyRotated({ rotatedTo }: TokenRecord): TokenError {
  const details = rotatedTo === null ? {} : { rotatedTo }
  return new TokenError('invalid_transition', 'the token was rotated before', details)
}

/** The same for both ways to rotate: they are the same request. */
function factsOf(
  id: string,
  { overlapMs, reason }: Asked,
  { expiresAt }: RotateOptions,
): readonly [operation: string, ...unknown[]] {
  return ['rotate', id, overlapMs, reason, expiryFactOf(expiresAt)]
}

function renewalIn({ expiresAt }: RotateOptions, asker: Renewal['asker'], rules: Settings): Renewal {
  return { asker, expiresAt: expiresAt && instantOf(expiresAt), rules }
}
