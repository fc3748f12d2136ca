import { publish } from '../observe/diagnostics.ts'
import { eventToken } from '../observe/token-event.ts'
import type { ActedBy, Derivation } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import type { Token } from '../token/token.ts'

/** The verb `reportExchange`. */
export function reportExchange(
  { events, now }: Settings,
  token: Token,
  { accessTokenId, scopes, audience, until, by = null }: Derivation & ActedBy,
): void {
  publish('exchange', () => ({ owner: token.owner, tokenId: token.id, accessTokenId }))
  const derivation = { accessTokenId, scopes: [...scopes], audience, until: new Date(until) }
  events?.emit({ type: 'exchanged', at: new Date(now()), ...eventToken(token), by, ...derivation })
}
