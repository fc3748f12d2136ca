import type { Session } from '../../connection/session.ts'

/**
 * Resolves once replicas have everything shown for a decision without a write of its own. They have it once they confirm a
 * later write to the same server.
 */
export async function confirmSeen({ confirmLead, keys, minReplicas }: Session, owner: string): Promise<void> {
  if (minReplicas > 0) await confirmLead(keys.ofOwner(owner).digests)
}
