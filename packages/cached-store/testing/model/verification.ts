import type { TokenRecord } from '@tessera/core'

/** A verification, and its answer once there is one. */
export interface Verification {
  readonly followsAcknowledgement: boolean
  answer: 'active' | 'revoked' | 'refused' | null
}

export function awaitAnswer(
  finding: Promise<TokenRecord | null> | undefined,
  followsAcknowledgement: boolean,
): Verification {
  const verification: Verification = { followsAcknowledgement, answer: null }
  finding?.then(
    (record) => {
      verification.answer = record?.revokedAt === null ? 'active' : 'revoked'
    },
    () => {
      verification.answer = 'refused'
    },
  )
  return verification
}

/** Whether it breaks the promise. */
export function isStale({ followsAcknowledgement, answer }: Verification): boolean {
  return followsAcknowledgement && answer === 'active'
}
