import type { Change, Edit, Retention, Revocation, TokenRecord } from '@tessera/core'
import { USUAL } from './steps-on.ts'
import type { ChangeAnswer, StepsOnStore } from './steps-on.ts'

/** A change requested at an instant, without an idempotency key. */
export function changeAt(at: number): Change {
  return { at, idempotency: null }
}

export function revocationAt(at: number, facts: Partial<Revocation> = {}): Revocation {
  return { at, idempotency: null, reason: 'requested', ...facts }
}

/** An edit requested at an instant, by an editor with all scopes. */
export function editAt(at: number, facts: Partial<Edit> = {}): Edit {
  return { ...changeAt(at), name: null, scopes: null, narrowOnly: false, ceilings: [], rules: {}, ...facts }
}

/** Keeps nothing that has ended or expired by an instant. */
export function retentionAt(at: number): Retention {
  return { ...USUAL, now: at, endedBefore: at }
}

/** The token after a change or a refusal; `null` without one. */
export function recordIn(outcome: ChangeAnswer): TokenRecord | null {
  return 'record' in outcome ? outcome.record : null
}

type TakenAt = (store: StepsOnStore, owner: string, id: string, at: number) => Promise<TokenRecord | null>

export const revokeAt: TakenAt = async (store, owner, id, at) =>
  recordIn(await store.revoke(owner, id, revocationAt(at)))

export const suspendAt: TakenAt = async (store, owner, id, at) => recordIn(await store.suspend(owner, id, changeAt(at)))

export const resumeAt: TakenAt = async (store, owner, id, at) => recordIn(await store.resume(owner, id, changeAt(at)))
