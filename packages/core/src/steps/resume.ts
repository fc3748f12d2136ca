import type { TokenRecord } from '../token/token.ts'
import { changeOne } from './change-one.ts'
import type { Change, ChangeOutcome, NotAllowed } from './change-one.ts'
import type { Step } from './decision/decision.ts'
import { isRevoked } from './revoke.ts'

/** The token was changed later than the request was made. */
export interface Outdated {
  readonly outcome: 'outdated'
  readonly record: TokenRecord
}

/**
 * Accepts a suspended token again; any other stays as it is. Not allowed for a revoked token. Outdated for a token
 * changed after `at`: a late resumption, given up by its caller, never undoes a suspension made since.
 */
export function resume(id: string, change: Change): Step<ChangeOutcome | Outdated> {
  const { at } = change
  return changeOne<NotAllowed | Outdated>(id, change, {
    operation: 'resume a token',
    apply(record) {
      if (isRevoked(record, at)) return { outcome: 'not_allowed', record }
      if (record.suspendedAt === null) return record
      return record.updatedAt > at ? { outcome: 'outdated', record } : { ...record, suspendedAt: null, updatedAt: at }
    },
  })
}
