import type { Change, ChangeOutcome, Retention, Revocation, TokenRecord, TokenStore } from '@tessera/core'

/** A change that a caller asked for at an instant, without an idempotency key. */
export function changeAt(at: number): Change {
  return { at, idempotency: null }
}

export function revocationAt(at: number, facts: Partial<Revocation> = {}): Revocation {
  return { at, idempotency: null, reason: 'requested', ...facts }
}

/** Keeps nothing that has ended or expired by an instant. */
export function retentionAt(at: number): Retention {
  return { now: at, endedBefore: at }
}

/** The token as a change left or found it; `null` where there is none. */
export function recordIn(outcome: ChangeOutcome): TokenRecord | null {
  return 'record' in outcome ? outcome.record : null
}

export async function revokeAt(store: TokenStore, owner: string, id: string, at: number): Promise<TokenRecord | null> {
  return recordIn(await store.revoke(owner, id, revocationAt(at)))
}

export async function suspendAt(store: TokenStore, owner: string, id: string, at: number): Promise<TokenRecord | null> {
  return recordIn(await store.suspend(owner, id, changeAt(at)))
}

export async function resumeAt(store: TokenStore, owner: string, id: string, at: number): Promise<TokenRecord | null> {
  return recordIn(await store.resume(owner, id, changeAt(at)))
}
