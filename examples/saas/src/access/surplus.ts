import { TokenError } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import type { Membership } from '../data/memberships.ts'
import { mayDo } from './roles.ts'
import type { Role } from './roles.ts'

/**
 * Takes from a person's tokens what the new role does not have. They lost it already with the role: this is so that the token
 * page says so, and that a later promotion gives no old token anything back.
 */
export async function takeSurplus(tokens: Tokens, { id: owner }: Membership, role: Role, by: string): Promise<void> {
  const { tokens: all } = await tokens.list(owner, { statuses: ['active', 'suspended'], window: 'all' })
  for (const { id, scopes } of all) {
    const left = scopes.filter((scope) => mayDo(role, scope))
    if (left.length === scopes.length) continue
    await tokens.edit(owner, id, { scopes: left, narrowOnly: true }, { by }).catch(ignoreChanged)
  }
}

/** Its person revoked or narrowed it at the same time. */
function ignoreChanged(error: unknown): void {
  if (!(error instanceof TokenError)) throw error
}
