import { hasLength } from '../token/secret/secret.ts'
import { NONE, checkVerifyOptions } from '../token/verification.ts'
import type { Verification, VerifyOptions } from '../token/verification.ts'
import { refuse } from './answer.ts'
import type { Verifier } from './answer.ts'
import { lookUp } from './look-up.ts'

/** The verb `verify`. */
export function verifyToken(
  verifier: Verifier,
  secret: string | undefined,
  options: VerifyOptions = NONE,
): Promise<Verification> {
  try {
    return begin(verifier, secret, options)
  } catch (error) {
    return rejected(error)
  }
}

async function rejected(error: unknown): Promise<never> {
  throw error
}

function begin(verifier: Verifier, secret: string | undefined, options: VerifyOptions): Promise<Verification> {
  if (options !== NONE) checkVerifyOptions(options)
  if (secret === undefined) return Promise.resolve(refuse(verifier, 'missing', options))
  if (typeof secret === 'string' && hasLength(secret, verifier.settings)) return lookUp(verifier, secret, options)
  return Promise.resolve(refuse(verifier, 'malformed', options))
}
