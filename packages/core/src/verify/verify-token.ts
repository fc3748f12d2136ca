import { hasLength } from '../token/secret/secret.ts'
import { NONE } from '../token/verification.ts'
import type { Verification, VerifyOptions } from '../token/verification.ts'
import { refuse } from './answer.ts'
import type { Verifier } from './answer.ts'
import { checkVerifyOptions } from './check-verify-options.ts'
import { lookUp } from './look-up.ts'

/** The verbs `verify` and `authenticate`. */
export function verifyToken(
  verifier: Verifier,
  secret: string | undefined,
  options: VerifyOptions = NONE,
  verb = 'verify',
): Promise<Verification> {
  try {
    if (options !== NONE) checkVerifyOptions(verb, options)
    return begin(verifier, secret, options)
  } catch (error) {
    return rejected(error)
  }
}

async function rejected(error: unknown): Promise<never> {
  throw error
}

function begin(verifier: Verifier, secret: string | undefined, options: VerifyOptions): Promise<Verification> {
  if (secret === undefined) return Promise.resolve(refuse(verifier, 'missing', options))
  if (typeof secret === 'string' && hasLength(secret, verifier.settings)) return lookUp(verifier, secret, options)
  return Promise.resolve(refuse(verifier, 'malformed', options))
}
