import { channel } from 'node:diagnostics_channel'
import type { RefusalReason } from '@tessera/core'
import type { AccessToken } from './access-token.ts'

/** Counts of one verifier of access tokens, since it was created. */
export interface AccessStats {
  readonly accepted: number
  /** By reason; one that never occurred is left out. */
  readonly refused: Readonly<Partial<Record<RefusalReason, number>>>
}

/** The message on `tessera:access`: a verification of an access token. */
export interface AccessMessage {
  readonly operation: 'verify'
  /** Of the access tokens that are accepted here. */
  readonly issuer: string
  /** `checked` if the status of its parent was asked for. */
  readonly parent: 'checked' | 'unchecked'
  readonly outcome: 'accepted' | 'refused'
  /** `null` for an accepted access token. */
  readonly reason: RefusalReason | null
  /** Of an access token signed here and not expired; otherwise `null`, as are the next two. */
  readonly owner: string | null
  readonly tokenId: string | null
  readonly accessTokenId: string | null
}

/** Counts and publishes verifications. */
export interface VerificationCounter {
  /** @param token The access token, if it was signed here and had not expired. */
  count(reason: RefusalReason | null, token: AccessToken | null): void
  stats(): AccessStats
}

const messages = channel('tessera:access')

export function createVerificationCounter(parent: AccessMessage['parent'], issuer: string): VerificationCounter {
  let accepted = 0
  const refused = new Map<RefusalReason, number>()

  function publish(reason: RefusalReason | null, token: AccessToken | null): void {
    const names = { owner: token?.owner ?? null, tokenId: token?.parent.id ?? null, accessTokenId: token?.id ?? null }
    const outcome = reason === null ? 'accepted' : 'refused'
    messages.publish({ operation: 'verify', issuer, parent, outcome, reason, ...names } satisfies AccessMessage)
  }

  return {
    count(reason, token) {
      if (reason === null) accepted += 1
      else refused.set(reason, (refused.get(reason) ?? 0) + 1)
      if (messages.hasSubscribers) publish(reason, token)
    },
    stats: () => ({ accepted, refused: Object.fromEntries(refused) }),
  }
}
