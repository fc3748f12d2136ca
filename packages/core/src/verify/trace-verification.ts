import { verifyChannel } from '../observe/diagnostics.ts'
import type { Diagnostics } from '../observe/diagnostics.ts'
import { concludeVerification, isWatched, trace } from '../observe/trace.ts'
import type { MaybeLater, Verification } from '../token/verification.ts'

/** Publishes a verification, with the prefix of its API. */
export function traceVerification<Answer extends MaybeLater<Verification>>(
  { prefix }: { readonly prefix: string },
  operation: Diagnostics['verify']['operation'],
  verify: () => Answer,
): Answer {
  if (!isWatched(verifyChannel)) return verify()
  const facts = { operation, prefix, owner: null, tokenId: null }
  return trace(verifyChannel, facts, verify, concludeVerification)
}
