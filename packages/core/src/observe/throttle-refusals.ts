import type { Token } from '../token/token.ts'
import type { RefusalReason } from '../token/verification.ts'
import { createBoundedMap } from './bounded-map.ts'

const EVERY_MS = 1_000
const MOST_TOKENS = 10_000

/**
 * Lets one refusal a second through for each reason and token, so that a flood does not flood the log as well. Nobody's
 * refusals hide those of another token. Secrets of no token share one place for each reason.
 */
export interface RefusalThrottle {
  /** The number of refusals left out since the last one let through; `null` if this one is left out too. */
  pass(reason: ThrottledReason, token: RefusedToken | null, at: number): number | null
}

type RefusedToken = Pick<Token, 'owner'> & Partial<Pick<Token, 'id'>>
type ThrottledReason = RefusalReason | 'reused_after_rotation'

interface Passed {
  at: number
  omitted: number
}

/** Knows the last {@link MOST_TOKENS} refused tokens. One refused before these is let through again. */
export function createRefusalThrottle(): RefusalThrottle {
  const ofTokens = createBoundedMap<Passed>(MOST_TOKENS)
  const ofNone = new Map<ThrottledReason, Passed>()
  return {
    pass(reason, token, at) {
      // An owner holds no control character.
      const key = token === null ? null : `${reason}\n${token.owner}\n${token.id ?? ''}`
      const last = key === null ? ofNone.get(reason) : ofTokens.get(key)
      if (last === undefined) {
        if (key === null) ofNone.set(reason, { at, omitted: 0 })
        else ofTokens.add(key, { at, omitted: 0 })
        return 0
      }
      // A clock that was set back must not silence a reason until it has caught up.
      if (Math.abs(at - last.at) < EVERY_MS) {
        last.omitted += 1
        return null
      }
      const { omitted } = last
      last.at = at
      last.omitted = 0
      return omitted
    },
  }
}
