import type { RotateOutcome, Rotation, TokenRecord } from '@tessera/core'
import { NOW, sampleRecord } from './sample-token.ts'
import type { StepsOnStore } from './steps-on.ts'

/** The usual overlap of a rotation. */
export const OVERLAP_MS = 1_000

/** A rotation to a successor with an id and a digest of its own. */
export function sampleRotation(facts: Partial<Rotation> = {}): Rotation {
  const { id, digest, prefix } = sampleRecord()
  const successor = { id, digest, prefix, preview: 'ot_pat_9a8b********7c6d' }
  const freely = { reason: 'rotated', activeLimit: null, idempotency: null } as const
  return { at: NOW, ...freely, overlapMs: OVERLAP_MS, successor, sealedSuccessor: null, ...facts }
}

export type Rotated = Extract<RotateOutcome, { outcome: 'rotated' }>

/** Rotates an active token, and answers with both. */
export async function rotated(
  store: StepsOnStore,
  { owner, id }: Pick<TokenRecord, 'owner' | 'id'>,
  facts: Partial<Rotation> = {},
): Promise<Rotated> {
  const answer = await store.rotate(owner, id, sampleRotation(facts))
  if (answer.outcome !== 'rotated') throw new Error(`a token that can be rotated was not: ${answer.outcome}`)
  return answer
}
