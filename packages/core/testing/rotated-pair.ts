import { NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import type { TokenRecord } from '../src/token/token.ts'

/** When the overlap of {@link rotatedPair} ends. */
export const OVERLAP_END: number = NOW + 1_000

/** A token that was rotated at the start, and its pending successor. */
export function rotatedPair(
  facts: Partial<TokenRecord> = {},
  successorFacts: Partial<TokenRecord> = {},
): readonly [TokenRecord, TokenRecord] {
  const successor = sampleRecord({ overlapEndsAt: OVERLAP_END, pending: true, ...successorFacts })
  const token = sampleRecord({
    rotatedTo: successor.id,
    overlapEndsAt: OVERLAP_END,
    sealedSuccessor: 'v1.sealed',
    ...facts,
  })
  return [token, { ...successor, rotatedFrom: token.id }]
}
