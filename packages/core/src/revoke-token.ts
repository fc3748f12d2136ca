import { publish } from './diagnostics.ts'
import { TokenError } from './errors.ts'
import { findBySecret } from './find-by-secret.ts'
import type { Settings } from './settings.ts'
import type { ActedBy } from './token-event.ts'
import { toToken } from './token.ts'
import type { Token, TokenRecord } from './token.ts'

/**
 * Revokes one of the owner's tokens, for ever. Revoking again answers with the first `revokedAt`.
 *
 * @throws TokenError `token_not_found`
 * @throws StoreError when the store did not confirm: the token may still be accepted, so repeat the call
 */
export async function revokeToken(
  settings: Settings,
  owner: string,
  id: string,
  { by = null }: ActedBy,
): Promise<Token> {
  const token = await changeToken(settings, id, { type: 'revoked', by }, (now) => settings.store.revoke(owner, id, now))
  publish('revoke', () => ({ owner, tokenId: token.id }))
  return token
}

/**
 * Revokes the token whose secret this is, as RFC 7009 wants it: whoever holds the secret may.
 *
 * @returns The token, or `null` when there is none.
 * @throws StoreError when the store did not confirm
 */
export async function revokeSecret(settings: Settings, secret: string, { by = null }: ActedBy): Promise<Token | null> {
  const found = await findBySecret(settings, secret)
  if (found === null) return null
  const { owner, id: tokenId } = found
  const now = settings.now()
  const record = await settings.store.revoke(owner, tokenId, now)
  if (record === null) return null
  publish('revoke', () => ({ owner, tokenId }))
  const token = toToken(record, now)
  settings.events?.changed('revoked', token, now, by)
  return token
}

/** Carries out a change of one token, whose id is checked for its shape before it reaches the store, and tells of it. */
export async function changeToken(
  settings: Settings,
  id: string,
  told: { readonly type: 'suspended' | 'resumed' | 'revoked'; readonly by: string | null },
  change: (now: number) => Promise<TokenRecord | null>,
): Promise<Token> {
  const now = settings.now()
  const record = settings.ids.matches(id) ? await change(now) : null
  if (record === null) throw new TokenError('token_not_found', 'the owner has no such token')
  const token = toToken(record, now)
  settings.events?.changed(told.type, token, now, told.by)
  return token
}
