import type { Settings } from '../../setup/settings.ts'
import { isLegacy } from '../../setup/token-records.ts'
import type { Ceiling } from '../../steps/decision/ceiling.ts'
import type { MadeToken } from '../../steps/decision/decision.ts'
import { mayHaveAgain } from '../../steps/issue.ts'
import { invalidParameter } from '../../token/errors.ts'
import { openSecret, sealSecret } from '../../token/secret/sealed-secret.ts'
import { parseSecret } from '../../token/secret/secret.ts'
import type { TokenRecord } from '../../token/token.ts'

export interface SealOptions {
  /**
   * The secret of the token that asks. With an `idempotencyKey`, the new secret is kept sealed under it. So the same request
   * with the same secret gets the new secret again, as long as the new token is active and within what the asking one may
   * give. It is never stored.
   */
  readonly sealUnder?: string | undefined
}

/** A request that makes a token. */
interface Asked extends SealOptions {
  readonly owner: string
  readonly idempotencyKey?: string | undefined
}

/** @throws TokenError `invalid_parameter` */
export function checkSealUnder({ sealUnder }: SealOptions, settings: Settings): void {
  if (sealUnder === undefined || isLegacy(settings, sealUnder)) return
  if (typeof sealUnder === 'string' && parseSecret(sealUnder) !== null) return
  throw invalidParameter('sealUnder', 'the secret of the token that asks')
}

/** The new secret, sealed under that of the token that asks; `undefined` without a key or that secret. */
export function sealedFor(
  { owner, idempotencyKey: request, sealUnder }: Asked,
  { secret, facts }: { readonly secret: string; readonly facts: Pick<TokenRecord, 'id'> },
): string | undefined {
  if (request === undefined || sealUnder === undefined) return undefined
  return sealSecret(secret, sealUnder, { owner, request, to: facts.id })
}

/**
 * The secret for a repeated request; `null` if the caller may not have it, or cannot open it.
 *
 * @param ceilings The most that the caller may give away, as of the step that found the kept answer.
 */
export async function secretAgain(
  settings: Settings,
  { owner, idempotencyKey: request, sealUnder }: Asked,
  { record: { id }, sealed }: MadeToken,
  at: number,
  ceilings: readonly Ceiling[],
): Promise<string | null> {
  if (request === undefined || sealUnder === undefined || sealed === undefined) return null
  const secret = openSecret(sealed, sealUnder, { owner, request, to: id })
  if (secret === null) return null
  const record = await settings.store.find(owner, id)
  return record !== null && mayHaveAgain(record, { at, ceilings, rules: settings }) ? secret : null
}
