import { findLegacy } from '../setup/token-records.ts'
import type { Verification, VerifyOptions } from '../token/verification.ts'
import { answer } from './answer.ts'
import type { Verifier } from './answer.ts'

/** Looks up the record of a secret of another system. Accepted, it is kept under our own digest from then on. */
export async function lookUpLegacy(verifier: Verifier, secret: string, options: VerifyOptions): Promise<Verification> {
  const { settings } = verifier
  const record = await findLegacy(settings, secret)
  const { digests } = settings
  const digest = record && digests.keptUnder(digests.all(secret), record.digest)
  return answer(verifier, record, digest ?? '', options)
}
