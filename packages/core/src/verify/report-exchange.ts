import { actorIn, eventToken } from '../observe/token-event.ts'
import type { ActedBy, Derivation } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import type { Token } from '../token/token.ts'

/** The verb `reportExchange`. */
export function reportExchange(
  { events, now }: Settings,
  token: Token,
  { accessTokenId, scopes, audience, until, ...actor }: Derivation & ActedBy,
): void {
  const derivation = { accessTokenId, scopes: [...scopes], audience, until: new Date(until) }
  const command = { holder: token.id, ...actorIn(actor), at: now() }
  events()?.emit({ type: 'exchanged', ...eventToken(token), ...derivation }, command)
}
