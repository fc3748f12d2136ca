import type { TokenRecord } from '../../token/token.ts'
import type { Decision, Idempotency, Seen, Step, Wants } from './decision.ts'

/**
 * A step as one API of a store takes it. A token of another prefix is for it like an unknown one, does not count towards
 * the limit, and another API's idempotency key is another key.
 *
 * @param prefixes The API's prefixes, the current one first. Keys are those of the current one.
 */
export function ofApi<Answer>(step: Step<Answer>, prefixes: readonly string[]): Step<Answer> {
  const [current = ''] = prefixes
  return {
    operation: step.operation,
    wants: wantsUnder(current, step.wants, prefixes),
    decide: (seen) => decisionUnder(current, step.decide(ownTokens(seen, prefixes))),
  }
}

/** The request with its key as a key of the prefix. */
export function requestUnder(prefix: string, request: Idempotency | null): Idempotency | null {
  return request && { ...request, key: keyUnder(prefix, request.key) }
}

/**
 * An idempotency key of a prefix: `ot_pat:deploy-42`. A key with a blank at its start is no caller's, and is not counted
 * among theirs: `ot_pat notice:42`.
 */
export function keyUnder(prefix: string, key: string): string {
  return key.startsWith(' ') ? `${prefix}${key}` : `${prefix}:${key}`
}

/**
 * The prefix of an idempotency key: what stands before its first colon, as no prefix holds one; empty without a colon.
 * For stores: the keys of each prefix are counted by themselves.
 */
export function prefixOfKey(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(':')))
}

function wantsUnder(prefix: string, wants: Wants, prefixes: readonly string[]): Wants {
  const { key, active } = wants
  if (key === null && active === undefined) return wants
  return {
    ...wants,
    key: key === null ? null : keyUnder(prefix, key),
    ...(active !== undefined && { active: { at: active.at, prefixes } }),
  }
}

function decisionUnder<Answer>(prefix: string, decision: Decision<Answer>): Decision<Answer> {
  const { keep } = decision
  return keep === undefined ? decision : { ...decision, keep: { ...keep, key: keyUnder(prefix, keep.key) } }
}

function ownTokens(seen: Seen, prefixes: readonly string[]): Seen {
  const isOwn = (record: TokenRecord) => prefixes.includes(record.prefix)
  for (const record of seen.records.values()) {
    if (!isOwn(record)) return { ...seen, records: new Map([...seen.records].filter(([, each]) => isOwn(each))) }
  }
  return seen
}
