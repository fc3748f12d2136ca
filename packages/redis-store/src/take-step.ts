import type { Idempotency, TokenRecord } from '@tessera/core'
import type { Argument } from './client.ts'
import { escapeText } from './compact-text.ts'
import { requestArguments, requestKeys } from './idempotency.ts'
import { hexDigestsIn, listIn, recordsIn, textIn } from './reply.ts'
import type { Script } from './scripts/script.ts'
import type { Session } from './session.ts'
import { tell } from './tell.ts'

/** A step that changes one token, as its script is told of it. */
export interface StepCall {
  readonly script: Script
  readonly keys: readonly string[]
  readonly owner: string
  readonly id: string
  readonly wishes: readonly Argument[]
  readonly idempotency: Idempotency | null
}

/** How a step ended, and the records that it answers with. */
export interface Step {
  readonly outcome: string
  readonly records: readonly TokenRecord[]
}

/** The reply of a script for one token. */
export interface StepReply extends Step {
  /** What the feed is to be told of, in hex: the token's digest and those that the record remembers. */
  readonly told: string
  /** What the record remembers, in hex. */
  readonly remembered: string
}

/**
 * Changes one token: the record first, then the change feed, then the acknowledgement. Whatever became of the step, the
 * feed is told of the token, since an equal step that made the change may have failed before it could tell.
 */
export async function takeStep(session: Session, call: StepCall): Promise<Step> {
  const { owner, id, idempotency } = call
  const own = session.keys.ofOwner(owner)
  const keys = [...call.keys, ...requestKeys(own, idempotency)]
  const request = requestArguments(idempotency, session.clockToleranceMs)
  const args = [own.stem, session.isCluster, escapeText(id), ...call.wishes, ...request]
  const reply = readStep(await session.change(call.script, keys, args))
  await tell(session, owner, reply.told, rememberedBy(id, reply))
  return reply
}

/** A script that has no record to reply with replies the outcome alone. */
export function readStep(reply: unknown): StepReply {
  const [word, ...facts] = listIn(reply)
  const outcome = textIn(word)
  if (facts.length === 0) return { outcome, told: '', remembered: '', records: [] }
  const [told, remembered, ...records] = facts
  return { outcome, told: hexDigestsIn(told), remembered: hexDigestsIn(remembered), records: recordsIn(records) }
}

function rememberedBy(id: string, { remembered }: StepReply) {
  return remembered === '' ? [] : [{ id: escapeText(id), digests: remembered }]
}
