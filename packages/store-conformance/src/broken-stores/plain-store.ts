import type { ChangeOutcome, TokenRecord, TokenStore } from '@tessera/core'
import { recordIn, resumeAt, revokeAt, suspendAt } from '../change-at.ts'
import type { NaiveState } from '../naive-store/state.ts'
import { isToken, write } from '../naive-store/state.ts'

type PlainChange = (owner: string, id: string, at: number) => Promise<TokenRecord | null>

const PLAIN = ['revoke', 'suspend', 'resume'] as const

/** A store whose changes of standing are asked for and answered in fewer words. */
export interface PlainStore extends Omit<TokenStore, (typeof PLAIN)[number]> {
  readonly revoke: PlainChange
  readonly suspend: PlainChange
  readonly resume: PlainChange
}

export function plainly(store: TokenStore): PlainStore {
  return {
    ...store,
    revoke: (...args) => revokeAt(store, ...args),
    suspend: (...args) => suspendAt(store, ...args),
    resume: (...args) => resumeAt(store, ...args),
  }
}

/** The same methods in the words of the contract. With a key, and for any other reason, those of the right store. */
export function fully(plain: Partial<PlainStore>, right: TokenStore, state: NaiveState): Partial<TokenStore> {
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
      } satisfies Partial<TokenStore>)),
    ...(suspend &&
      ({
        async suspend(owner, id, change) {
          if (change.idempotency !== null) return right.suspend(owner, id, change)
          return refusing(answer(await suspend(owner, id, change.at)))
        },
      } satisfies Partial<TokenStore>)),
    ...(resume &&
      ({
        async resume(owner, id, change) {
          if (change.idempotency !== null) return right.resume(owner, id, change)
          return refusing(answer(await resume(owner, id, change.at)))
        },
      } satisfies Partial<TokenStore>)),
  }
}

function answer(record: TokenRecord | null): ChangeOutcome {
  return record === null ? { outcome: 'not_found' } : { outcome: 'done', record }
}

function refusing(outcome: ChangeOutcome): ChangeOutcome {
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
