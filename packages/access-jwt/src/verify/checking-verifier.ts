import { callHook, checkVerifyOptions, endsAt, warn } from '@tessera/core'
import type { Refused, Requirements, Token, Tokens, Verification, VerifyOptions } from '@tessera/core'
import type { Authenticator } from '@tessera/http'
import type { AccessToken } from './access-token.ts'
import { createVerificationCounter } from './verification-counter.ts'
import type { AccessStats } from './verification-counter.ts'
import { verifyAccessToken } from './verify-access-token.ts'
import type { Expectations } from './verify-access-token.ts'

/** The part of the parent tokens in use here. */
export type Parents = Pick<Tokens, 'checkById' | 'permits' | 'missingScopes'> &
  Partial<Pick<Tokens, 'noteRefusal' | 'watch'>>

/**
 * Verifies access tokens: signature and claims, then the status of the parent, in one call of the store at most. The
 * answer is the parent, narrowed to the scopes of both, and expiring with whichever ends first. A use of the one is a
 * use of the other.
 *
 * The answer also has `credentialEndsAt`, from which instant on no verification accepts the access token. So a change asked
 * for with it is made only before, see `Caller` of `@tessera/http`.
 */
export interface CheckingVerifier extends Authenticator {
  /** The parent, as `verify` answers with it, or `null`: an answer of `verify` is true in an `if`, whatever it says. */
  authenticate(jwt: string | undefined, options?: VerifyOptions): Promise<Token | null>
  /** How many access tokens were accepted, and refused for which reason. */
  stats(): AccessStats
}

export function checkingVerifier(expectations: Expectations, tokens: Parents): CheckingVerifier {
  const { count, stats } = createVerificationCounter('checked', expectations.issuer)

  async function verify(jwt: string | undefined, options: VerifyOptions = {}): Promise<Verification> {
    checkVerifyOptions('verify', options)
    const signed = await verifyAccessToken(expectations, jwt)
    const verification = signed.ok ? await checkParent(tokens, signed.token, expectations, options) : signed
    count(verification.ok ? null : verification.reason, signed.ok ? signed.token : null)
    return verification
  }

  return {
    verify,
    async authenticate(jwt, options) {
      const verification = await verify(jwt, options)
      return verification.ok ? verification.token : null
    },
    permits: (token, requirements) => tokens.permits(token, requirements),
    noteRefusal: (...refusal) => tokens.noteRefusal?.(...refusal),
    // The answer says when the access token ends, so its stream ends with whichever ends first.
    ...(tokens.watch && { watch: tokens.watch.bind(tokens) }),
    stats,
  }
}

async function checkParent(
  tokens: Parents,
  { owner, parent, scopes, expiresAt }: AccessToken,
  { clockToleranceSeconds }: Expectations,
  options: VerifyOptions,
): Promise<Verification> {
  const verification = await tokens.checkById(owner, parent.id, options)
  if (!verification.ok) return verification
  const narrowed = inBoth(scopes, verification.token.scopes, tokens)
  const token = {
    ...verification.token,
    scopes: narrowed,
    expiresAt: earlier(expiresAt, endsAt(verification.token)),
    credentialEndsAt: new Date(expiresAt.getTime() + clockToleranceSeconds * 1_000),
  }
  if (tokens.permits(token, requirementsIn(options))) return { ok: true, token }
  const reason = 'insufficient_scope'
  tokens.noteRefusal?.(reason, token, { ip: options.ip, context: options.context })
  tell(options, { reason, token })
  return { ok: false, reason }
}

function requirementsIn({ scopes, anyScope }: VerifyOptions): Requirements {
  return { ...(scopes && { scopes }), ...(anyScope && { anyScope }) }
}

function tell({ onRefusal }: VerifyOptions, refused: Refused): void {
  if (onRefusal === undefined) return
  callHook('verify: option "onRefusal"', () => onRefusal(refused), warn)
}

function earlier(one: Date, other: Date | null): Date {
  return other !== null && other < one ? other : one
}

/** Of a wildcard and a scope covered by it, the narrower one is in both. */
function inBoth(some: readonly string[], others: readonly string[], tokens: Parents): readonly string[] {
  const heldBy = (granted: readonly string[]) => (scope: string) => tokens.missingScopes(granted, [scope]).length === 0
  return [...new Set([...some.filter(heldBy(others)), ...others.filter(heldBy(some))])]
}
