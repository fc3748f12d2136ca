import type { BulkRevocation, Change, Edit, Retention, Revocation, Rotation } from '@tessera/core'
import { NOW, sampleRecord } from './sample-record.ts'

/** A change that a caller asked for at an instant. */
export function changeAt(at: number): Change {
  return { at, idempotency: null }
}

export function revocationAt(at: number): Revocation {
  return { ...changeAt(at), reason: 'requested' }
}

/** An edit that a caller asked for at an instant, who may add any scope. */
export function editAt(at: number, facts: Partial<Edit> = {}): Edit {
  return { ...changeAt(at), name: null, scopes: null, narrowOnly: false, ceilings: [], rules: {}, ...facts }
}

/** A revocation of all of an owner's tokens. */
export function everyAt(at: number, facts: Partial<BulkRevocation> = {}): BulkRevocation {
  return { ...revocationAt(at), exceptId: null, issuedBefore: null, scope: null, ...facts }
}

/** Keeps nothing that has ended or expired by an instant. */
export function retentionAt(at: number): Retention {
  return { prefixes: ['ot_pat'], now: at, endedBefore: at }
}

/** A rotation to a successor with an id and a digest of its own. */
export function sampleRotation(facts: Partial<Rotation> = {}): Rotation {
  const { id, digest, prefix, preview } = sampleRecord()
  return {
    ...changeAt(NOW),
    overlapMs: 1_000,
    reason: 'rotated',
    activeLimit: null,
    successor: { id, digest, prefix, preview },
    sealedSuccessor: null,
    ...facts,
  }
}
