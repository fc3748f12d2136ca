import type { TokenRecord } from '@tessera/core'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import { isToken, write } from '../../src/model/naive-store/state.ts'
import { recordIn, resumeAt, revokeAt, suspendAt } from '../../src/steps/change-at.ts'
import type { ChangeAnswer, StepsOnStore } from '../../src/steps/steps-on.ts'

type PlainChange = (owner: string, id: string, at: number) => Promise<TokenRecord | null>

const PLAIN = ['revoke', 'suspend', 'resume'] as const

/** A store whose changes of status are asked for and answered in fewer words. */
export interface PlainStore extends Omit<StepsOnStore, (typeof PLAIN)[number]> {
  readonly revoke: PlainChange
  readonly suspend: PlainChange
  readonly resume: PlainChange
}

export function plainly(store: StepsOnStore): PlainStore {
  return {
    ...store,
    revoke: (...args) => revokeAt(store, ...args),
    suspend: (...args) => suspendAt(store, ...args),
    resume: (...args) => resumeAt(store, ...args),
  }
}

/** The same methods in the words of the contract. With a key, and for any other reason, those of the right store. */
export function fully(plain: Partial<PlainStore>, right: StepsOnStore, state: NaiveState): Partial<StepsOnStore> {
  const { revoke, suspend, resume, ...others } = plain
  return {
    ...others,
    ...(revoke &&
      ({
        async revoke(owner, id, revocation) {
          const isPlain = revocation.idempotency === null && revocation.reason === 'requested'
          if (!isPlain) return right.revoke(owner, id, revocation)
          return answer(withReason(await revoke(owner, id, revocation.at), state))
        },
      } satisfies Partial<StepsOnStore>)),
    ...(suspend &&
      ({
        async suspend(owner, id, change) {
          if (change.idempotency !== null) return right.suspend(owner, id, change)
          return refusing(answer(await suspend(owner, id, change.at)))
        },
      } satisfies Partial<StepsOnStore>)),
    ...(resume &&
      ({
        async resume(owner, id, change) {
          if (change.idempotency !== null) return right.resume(owner, id, change)
          return refusing(answer(await resume(owner, id, change.at)))
        },
      } satisfies Partial<StepsOnStore>)),
  }
}

function answer(record: TokenRecord | null): ChangeAnswer {
  return record === null ? { outcome: 'not_found' } : { outcome: 'done', record }
}

function refusing(outcome: ChangeAnswer): ChangeAnswer {
  const record = recordIn(outcome)
  return record === null || record.revokedAt === null ? outcome : { outcome: 'not_allowed', record }
}

/** What revokes without a word of why does so as requested. */
function withReason(record: TokenRecord | null, state: NaiveState): TokenRecord | null {
  if (record === null || record.revokedAt === null || record.revokedReason !== null) return record
  const kept = state.records.find(isToken(record.owner, record.id))
  if (kept !== undefined && kept.revokedAt !== null) write(state, { ...kept, revokedReason: 'requested' })
  return { ...record, revokedReason: 'requested' }
}
