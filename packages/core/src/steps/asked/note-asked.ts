import { DAY_MS } from '../../token/day.ts'
import type { Decision, Kept, Seen, Step } from '../decision/decision.ts'
import { countedOf, keptAt } from '../decision/idempotent-request.ts'
import { readAsked, withAsks, writeAsked } from './asked-scopes.ts'
import type { AskedScopes, Asks } from './asked-scopes.ts'

/** How long it is kept after the last addition: longer than any report looks back. */
const KEPT_MS = 400 * DAY_MS

/** Whose key tells of lost asks: those of any owner. */
export const LOST_OWNER = 'tessera'

const LOST_KEY = ' asked-lost'

/** Adds what was asked of a token on one day. The record stays as it is, so nothing is announced. */
export function noteAsked(tokenId: string, asks: Asks): Step<void> {
  return noting('note the scopes asked of a token', keyOf(tokenId), (former) => withAsks(former, asks), asks.at)
}

/** Shows what was asked of a token; `null` if nothing was recorded. */
export function showAsked(tokenId: string, at: number): Step<AskedScopes | null> {
  return showing('show the scopes asked of a token', keyOf(tokenId), at)
}

/** Notes that asks were lost, of nobody knows which tokens. */
export function noteLost(at: number): Step<void> {
  const asks = { at, usedAt: null, scopes: new Set<string>(), unknown: true }
  return noting('note lost asks for scopes', LOST_KEY, (former) => withAsks(former, asks), at)
}

/** Shows on which day asks were lost, as `unknownOn`; `null` if none were. */
export function showLost(at: number): Step<AskedScopes | null> {
  return showing('show lost asks for scopes', LOST_KEY, at)
}

function noting(
  operation: string,
  key: string,
  next: (former: AskedScopes | null) => AskedScopes,
  at: number,
): Step<void> {
  return {
    operation,
    wants: { ids: [], key },
    decide(seen: Seen): Decision<void> {
      const former = formerIn(seen, at)
      const text = writeAsked(next(former))
      if (former !== null && text === seen.kept?.fingerprint) return { answer: undefined }
      const keep: Kept = { key, fingerprint: text, expiresAt: countedOf(seen, at) + KEPT_MS, answer: null }
      return { answer: undefined, keep }
    },
  }
}

function showing(operation: string, key: string, at: number): Step<AskedScopes | null> {
  return {
    operation,
    wants: { ids: [], key, readOnly: true },
    decide: (seen) => ({ answer: formerIn(seen, at) }),
  }
}

function formerIn(seen: Seen, at: number): AskedScopes | null {
  const kept = keptAt(seen, at)
  return kept === null ? null : readAsked(kept.fingerprint)
}

/** No caller's key has a blank. */
function keyOf(tokenId: string): string {
  return ` asked:${tokenId}`
}
