import type { Command } from '../../observe/events.ts'
import type { Settings } from '../../setup/settings.ts'
import { TokenError } from '../../token/errors.ts'

/** Refuses a token above the limit of active tokens, and reports it. */
export function limitReached(
  { activeLimit, events }: Settings,
  owner: string,
  active: number,
  command: Command,
): TokenError {
  const limit = activeLimit ?? active
  events()?.emit({ type: 'limit_reached', owner, limit, active }, command)
  const message = `the owner already holds ${active} active tokens of at most ${limit}`
  return new TokenError('active_limit_reached', message, { limit, active })
}
