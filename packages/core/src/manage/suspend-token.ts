import type { ActedBy } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import { resume } from '../steps/resume.ts'
import { suspend } from '../steps/suspend.ts'
import { changeToken } from './change-token.ts'
import type { Changed } from './change-token.ts'
import { idempotencyOf } from './request/idempotency.ts'
import type { IdempotentOptions } from './request/idempotency.ts'

const REFUSAL = 'a revoked token can be neither suspended nor resumed'

/** The verb `suspend`. */
export function suspendToken(
  settings: Settings,
  owner: string,
  id: string,
  asked: IdempotentOptions & ActedBy,
): Promise<Changed> {
  return changeToken(settings, owner, id, { type: 'suspended', asked, refusal: REFUSAL }, (at) =>
    suspend(id, { at, idempotency: idempotencyOf(asked.idempotencyKey, () => ['suspend', id], at) }),
  )
}

/** The verb `resume`. */
export function resumeToken(
  settings: Settings,
  owner: string,
  id: string,
  asked: IdempotentOptions & ActedBy,
): Promise<Changed> {
  return changeToken(settings, owner, id, { type: 'resumed', asked, refusal: REFUSAL }, (at) =>
    resume(id, { at, idempotency: idempotencyOf(asked.idempotencyKey, () => ['resume', id], at) }),
  )
}
