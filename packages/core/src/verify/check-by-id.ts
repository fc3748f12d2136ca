import { NONE } from '../token/verification.ts'
import type { Verification, VerifyOptions } from '../token/verification.ts'
import { answer, refuse } from './answer.ts'
import type { Verifier } from './answer.ts'
import { checkVerifyOptions } from './check-verify-options.ts'

/** The verb `checkById`. */
export async function checkById(
  verifier: Verifier,
  owner: string,
  id: string,
  options: VerifyOptions = NONE,
): Promise<Verification> {
  const { store, ids } = verifier.settings
  if (options !== NONE) checkVerifyOptions('checkById', options)
  if (!ids.matches(id)) return refuse(verifier, 'malformed', options)
  const record = await store.findCached(owner, id)
  return answer(verifier, record, record?.digest ?? '', options)
}
