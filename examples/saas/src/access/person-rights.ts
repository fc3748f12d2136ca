import type { RefusalReason, Token, Tokens } from '@tessera/core'
import type { Authenticator } from '@tessera/http'
import type { Database } from '../data/database.ts'
import { findMembership } from '../data/memberships.ts'
import type { Membership } from '../data/memberships.ts'
import { mayDo } from './roles.ts'

/** Authenticates tokens, and knows the membership behind each that it accepted. */
export interface PersonRights extends Authenticator {
  membershipOf(token: Token): Membership | null
}

/**
 * Accepts a token for what its person may do now: it loses a right when its person does, whatever its scopes say. Tokens of
 * a membership that has ended are refused.
 */
export function withinRights(tokens: Tokens, database: Database): PersonRights {
  const behind = new WeakMap<Token, Membership>()
  return {
    async verify(secret, asked = {}) {
      const { ip, context, onRefusal, ...requirements } = asked
      const verification = await tokens.verify(secret, asked)
      if (!verification.ok) return verification
      const { token } = verification
      const membership = await findMembership(database, token.owner)
      const refuse = (reason: RefusalReason) => {
        tokens.noteRefusal(reason, token, { ip, context })
        onRefusal?.({ reason, token })
        return { ok: false, reason } as const
      }
      if (membership === null) return refuse('revoked')
      const left: Token = { ...token, scopes: token.scopes.filter((scope) => mayDo(membership.role, scope)) }
      behind.set(left, membership)
      return tokens.permits(left, requirements) ? { ok: true, token: left } : refuse('insufficient_scope')
    },
    permits: (token, asked) => tokens.permits(token, asked),
    noteRefusal: (...refusal) => tokens.noteRefusal(...refusal),
    membershipOf: (token) => behind.get(token) ?? null,
  }
}
