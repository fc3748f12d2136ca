import type { Idempotency, Kept, KeptAnswer, Seen } from '../src/steps/decision/decision.ts'
import type { TokenRecord } from '../src/token/token.ts'

/** The request that tests send under a key. */
export const REQUEST: Idempotency = { key: 'deploy-42', fingerprint: 'a', expiresAt: Date.UTC(2026, 6, 2) }

/** What a store that has only these tokens shows to a step. They are frozen: a step writes to nothing that it is shown. */
export function seen(records: readonly TokenRecord[] = [], others: Partial<Seen> = {}): Seen {
  return {
    records: new Map(records.map((record) => [record.id, frozen(record)])),
    kept: null,
    active: null,
    keys: null,
    ...others,
  }
}

/** What is kept of a request once it got an answer. */
export function keptOf(answer: KeptAnswer, request: Partial<Idempotency> = {}): Kept {
  return { ...REQUEST, ...request, answer }
}

function frozen(record: TokenRecord): TokenRecord {
  Object.freeze(record.scopes)
  Object.freeze(record.attributes)
  return Object.freeze(record)
}
