import type { ContextSource } from '../token/request-context.ts'
import { toToken } from '../token/token.ts'
import type { Token } from '../token/token.ts'
import { isBoolean } from '../setup/check-options.ts'
import { answer } from './answer.ts'
import type { Verifier } from './answer.ts'
import { decide } from '../steps/decision/decide.ts'
import { findBySecret } from './find-by-secret.ts'

export interface IntrospectOptions {
  /** The client's address, IPv4 or IPv6. Without one, no token with networks is found. */
  readonly ip?: string | null | undefined
  /** Whether whoever asks may know of this token; otherwise it is not found, and not used. Default yes. */
  readonly mayKnow?: ((token: Token) => boolean | Promise<boolean>) | undefined
  /**
   * Records a use of the token that is found, with all that a use has in `verify`: it counts for `listUnused` and
   * `revokeUnused`, moves a sliding expiry, and as the first use of a successor ends its predecessor. The refusal of a
   * known token is an event too, so a replaced secret is noticed wherever it is tried. Default false.
   */
  readonly countsAsUse?: boolean | undefined
  /** The request, for the events. */
  readonly context?: ContextSource | undefined
}

/** The verb `introspect`. */
export async function introspectToken(
  verifier: Verifier,
  secret: string,
  { ip, mayKnow = () => true, countsAsUse = false, context }: IntrospectOptions,
): Promise<Token | null> {
  if (!isBoolean(countsAsUse)) throw new TypeError('introspect: option "countsAsUse" must be a boolean')
  const { settings } = verifier
  const record = await findBySecret(settings, secret)
  if (record === null) return null
  const now = settings.now()
  const reason = decide(record, now, { ip }, settings)
  if (reason !== null) {
    if (countsAsUse) settings.events()?.refused(reason, record, { ip, context })
    return null
  }
  const token = toToken(record, now)
  if (!(await mayKnow(token))) return null
  verifier.asks?.noteUnknown(record, now)
  if (!countsAsUse) return token
  const digest = settings.digests.keptUnder(settings.digests.all(secret), record.digest)
  const verification = await answer(verifier, record, digest, { ip, context })
  return verification.ok ? verification.token : null
}
