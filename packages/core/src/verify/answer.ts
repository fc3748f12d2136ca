import { callHook } from '../observe/call-hook.ts'
import type { Settings } from '../setup/settings.ts'
import { noLongerPending } from '../steps/complete-rotation.ts'
import { confirmGone } from '../store/confirm-gone.ts'
import type { CachedRecord } from '../store/store.ts'
import { toToken } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import type { MaybeLater, RefusalReason, Verification, VerifyOptions } from '../token/verification.ts'
import type { Acceptor } from './accept.ts'
import type { CompleteRotation } from './complete-rotation.ts'
import type { AskRecorder } from './uses/record-asked.ts'
import { decide } from '../steps/decision/decide.ts'

/** The surroundings of a verification. */
export interface Verifier {
  readonly settings: Settings
  readonly acceptor: Acceptor
  readonly completeRotation: CompleteRotation
  /** `null` without the option `recordScopesAsked`. */
  readonly asks: AskRecorder | null
  /** Counts and publishes an answer, and hands it back. */
  observed(verification: Verification): Verification
}

/**
 * Decides about the record found, and accepts or refuses it.
 *
 * @param digest The digest to keep the record under.
 * @param cached The record's place in memory, if it has one.
 */
export function answer(
  verifier: Verifier,
  record: TokenRecord | null,
  digest: string,
  options: VerifyOptions,
  cached: CachedRecord | null = null,
): MaybeLater<Verification> {
  const { settings, acceptor, observed } = verifier
  if (record === null) return refuse(verifier, 'unknown', options)
  const now = settings.now()
  const reason = decide(record, now, options, settings)
  if (reason !== 'revoked' && reason !== 'expired') verifier.asks?.note(record, options, now)
  if (reason !== null) return refuse(verifier, reason, options, record)
  if (record.pending) return acceptSuccessor(verifier, record, digest, options, now)
  return observed(
    cached === null
      ? acceptor.accept(record, digest, now, options)
      : acceptor.acceptCached(cached, digest, now, options),
  )
}

/** The first use of a successor ends the time of its predecessors before it is answered. */
async function acceptSuccessor(
  verifier: Verifier,
  record: TokenRecord,
  digest: string,
  options: VerifyOptions,
  now: number,
): Promise<Verification> {
  const { settings, acceptor, observed, completeRotation } = verifier
  const completed = await completeRotation(record, now, options)
  if (completed === null) {
    await confirmGone(settings.store, record, [...new Set([digest, record.digest])], 'complete a rotation')
    return refuse(verifier, 'unknown', options)
  }
  // Somebody revoked it before this use: its predecessors stay.
  if (completed.revokedAt !== null) return refuse(verifier, 'revoked', options, completed)
  return observed(acceptor.accept(noLongerPending(record), digest, now, options))
}

export function refuse(
  { settings, observed }: Verifier,
  reason: RefusalReason,
  options: VerifyOptions,
  record: TokenRecord | null = null,
): Verification {
  settings.events()?.refused(reason, record, options)
  const { onRefusal } = options
  if (onRefusal !== undefined) {
    const refused = { reason, token: record && toToken(record, settings.now()) }
    callHook('verify: option "onRefusal"', () => onRefusal(refused), settings.onError)
  }
  return observed({ ok: false, reason })
}
