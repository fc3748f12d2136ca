import { NONE, judge, refuse } from './verify-token.ts'
import type { Verification, Verifier, VerifyOptions } from './verify-token.ts'

/**
 * Decides whether the token with this id may be used now, by the rules of `verifyToken`. An id is not a secret and
 * proves nothing: this is for credentials of another kind that were derived from the token, and live as long as it does.
 *
 * @throws StoreError when the store did not answer; never for a bad token
 */
export async function verifyById(
  verifier: Verifier,
  owner: string,
  id: string,
  options: VerifyOptions = NONE,
): Promise<Verification> {
  const { store, ids } = verifier.settings
  if (!ids.matches(id)) return refuse(verifier, 'malformed')
  const record = await store.findStanding(owner, id)
  return judge(verifier, record, record?.digest ?? '', options)
}
