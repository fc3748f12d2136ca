import type { Decision } from '@tessera/core'
import type { Session } from '../../connection/session.ts'
import { writesAnything } from './write-decision.ts'

/**
 * Resolves once replicas have everything shown for a decision without a write of its own. They have it once they confirm a
 * later write to the same server.
 */
export async function confirmSeen(
  { confirmLead, keys, minReplicas }: Session,
  owner: string,
  decision: Decision<unknown>,
): Promise<void> {
  if (minReplicas > 0 && !writesAnything(decision)) await confirmLead(keys.ofOwner(owner).digests)
}
