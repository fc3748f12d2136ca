import type { RotateOutcome, Rotation, TokenRecord, TokenStore } from '@tessera/core'
import { NOW, sampleRecord } from './sample-token.ts'

/** How long the overlap of a rotation lasts where a case needs no other. */
export const OVERLAP_MS = 1_000

/** A rotation to a successor with an id and a digest of its own. */
export function sampleRotation(facts: Partial<Rotation> = {}): Rotation {
  const { id, digest } = sampleRecord()
  const successor = { id, digest, preview: 'ot_pat_9a8b********7c6d' }
  return { at: NOW, idempotency: null, overlapMs: OVERLAP_MS, successor, sealedSuccessor: null, ...facts }
}

export type Rotated = Extract<RotateOutcome, { outcome: 'rotated' }>

/** Rotates a token that can be, and answers with both. */
export async function rotated(
  store: TokenStore,
  { owner, id }: Pick<TokenRecord, 'owner' | 'id'>,
  facts: Partial<Rotation> = {},
): Promise<Rotated> {
  const answer = await store.rotate(owner, id, sampleRotation(facts))
  if (answer.outcome !== 'rotated') throw new Error(`a token that can be rotated was not: ${answer.outcome}`)
  return answer
}
