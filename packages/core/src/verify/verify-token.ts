import { verifyChannel } from '../observe/diagnostics.ts'
import { isWatched } from '../observe/trace.ts'
import { isLegacy } from '../setup/token-records.ts'
import { hasLength } from '../token/secret/secret.ts'
import { NONE } from '../token/verification.ts'
import type { MaybeLater, Verification, VerifyOptions } from '../token/verification.ts'
import { refuse } from './answer.ts'
import type { Verifier } from './answer.ts'
import { checkVerifyOptions } from './check-verify-options.ts'
import { lookUpLegacy } from './look-up-legacy.ts'
import { lookUp } from './look-up.ts'
import { traceVerification } from './trace-verification.ts'

interface Verbs<Scope extends string = string> {
  verify(secret: string | undefined, options?: VerifyOptions<Scope>): Promise<Verification>
  // A method to TypeScript, so that tokens with a catalogue are tokens.
  verifyNow(secret: string | undefined, options?: VerifyOptions<Scope>): MaybeLater<Verification>
}

/** The verb `verifyNow`. */
export type VerifyNow<Scope extends string = string> = Verbs<Scope>['verifyNow'] & {
  /** The `verify` that it stands for. Beside another one, such as a wrapper's, it is passed over. */
  readonly answersFor: unknown
}

/** The verbs `verify` and `verifyNow`. */
export function createVerify(verifier: Verifier): Verbs & { readonly verifyNow: VerifyNow } {
  const { settings } = verifier
  // Without a subscriber no function is made: this is the hot path.
  const verify: Verbs['verify'] = (secret, options) =>
    isWatched(verifyChannel)
      ? traceVerification(settings, 'verify', () => verifyToken(verifier, secret, options))
      : verifyToken(verifier, secret, options)
  const now: Verbs['verifyNow'] = (secret, options) =>
    isWatched(verifyChannel)
      ? traceVerification(settings, 'verifyNow', () => verifyNow(verifier, secret, options))
      : verifyNow(verifier, secret, options)
  return { verify, verifyNow: Object.assign(now, { answersFor: verify }) }
}

/** The verbs `verify` and `authenticate`. */
export function verifyToken(
  verifier: Verifier,
  secret: string | undefined,
  options?: VerifyOptions,
  verb = 'verify',
): Promise<Verification> {
  try {
    return Promise.resolve(verifyNow(verifier, secret, options, verb))
  } catch (error) {
    return rejected(error)
  }
}

async function rejected(error: unknown): Promise<never> {
  throw error
}

function verifyNow(
  verifier: Verifier,
  secret: string | undefined,
  options: VerifyOptions = NONE,
  verb = 'verifyNow',
): MaybeLater<Verification> {
  if (options !== NONE) checkVerifyOptions(verb, options)
  if (secret === undefined) return refuse(verifier, 'missing', options)
  if (isLegacy(verifier.settings, secret)) return lookUpLegacy(verifier, secret, options)
  if (typeof secret === 'string' && hasLength(secret, verifier.settings)) return lookUp(verifier, secret, options)
  return refuse(verifier, 'malformed', options)
}
