import type { TokenRecord } from '../token/token.ts'
import { changeOne } from './change-one.ts'
import type { Change, ChangeOutcome, NotAllowed } from './change-one.ts'
import type { Step } from './decision/decision.ts'
import { isRevoked } from './revoke.ts'

/** Suspends a token. Not allowed for a revoked one. A suspended one keeps its first `suspendedAt`. */
export function suspend(id: string, change: Change): Step<ChangeOutcome> {
  const { at } = change
  return changeOne<NotAllowed>(id, change, {
    operation: 'suspend a token',
    apply: (record) => (isRevoked(record, at) ? { outcome: 'not_allowed', record } : suspended(record, at)),
  })
}

/** Moves `updatedAt` also of a suspended token: a resumption under way then finds it changed. */
function suspended(record: TokenRecord, at: number): TokenRecord {
  if (record.suspendedAt !== null && record.updatedAt >= at) return record
  return { ...record, suspendedAt: record.suspendedAt ?? at, updatedAt: Math.max(record.updatedAt, at) }
}
