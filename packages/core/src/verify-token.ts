import type { Acceptor } from './accept-token.ts'
import { allowsAddress } from './allowed-networks.ts'
import { confirmGone } from './confirm-gone.ts'
import type { CompleteRotation } from './complete-rotation.ts'
import type { Candidates } from './digest.ts'
import { permits } from './scope.ts'
import type { Requirements, ScopeRules } from './scope.ts'
import { hasLength, shardIn } from './secret.ts'
import type { Settings } from './settings.ts'
import { isPendingSuccessor, statusOf } from './token.ts'
import type { Held, HeldRecord } from './store.ts'
import type { Token, TokenRecord, TokenStatus } from './token.ts'

/** Whether a secret may be used now, and which token it is. A refusal is an answer, not an error. */
export type Verification = Accepted | { readonly ok: false; readonly reason: RefusalReason }

export interface Accepted {
  readonly ok: true
  readonly token: Token
}

export type RefusalReason =
  | 'missing' // nothing was presented
  | 'malformed' // never issued here: wrong length, prefix, characters or checksum
  | 'unknown' // well formed, but no such token
  | Exclude<TokenStatus, 'active'>
  | 'network_not_allowed' // bound to networks, and used from elsewhere or from nobody knows where
  | 'insufficient_scope'

/** What a verification asks for, and from where. */
export interface VerifyOptions extends Requirements {
  /** The client's address, IPv4 or IPv6. Without one, no token that is bound to networks is accepted. */
  readonly ip?: string | null | undefined
}

/** What verifications are made with. */
export interface Verifier {
  readonly settings: Settings
  readonly acceptor: Acceptor
  readonly completeRotation: CompleteRotation
  /** Counts and publishes an answer, and hands it back. */
  observed(verification: Verification): Verification
}

export const NONE: VerifyOptions = {}

/**
 * Decides whether a presented secret may be used now, and which token it is.
 *
 * Checks in this order and stops at the first failure: shape and checksum (no store call), existence, revoked, expired,
 * suspended, networks, scopes. An accepted use is recorded at most once per `recordUseEveryMs`. The first one of a
 * successor revokes its predecessor before it is answered.
 *
 * @param secret What followed `Bearer `, e.g. `ot_pat_c3f9…bd21`; `undefined` when nothing was presented.
 * @throws StoreError when the store did not answer; never for a bad token
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 for how `http` words each reason
 */
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
  const { settings } = verifier
  if (secret === undefined) return Promise.resolve(refuse(verifier, 'missing'))
  if (typeof secret !== 'string' || !hasLength(secret, settings.prefix)) {
    return Promise.resolve(refuse(verifier, 'malformed'))
  }
  const { held } = settings.store.findByDigest
  if (held === undefined) return verifyStored(verifier, secret, null, options)
  const digests = settings.digests.all(secret)
  if (held.confirm === undefined) return Promise.resolve(verifyHeld(verifier, secret, digests, options, held))
  if (!held.has(digests)) return verifyStored(verifier, secret, digests, options)
  return verifyConfirmed(verifier, secret, digests, options, held, held.confirm())
}

async function verifyConfirmed(
  verifier: Verifier,
  secret: string,
  digests: Candidates,
  options: VerifyOptions,
  held: Held,
  confirmed: Promise<void>,
): Promise<Verification> {
  await confirmed
  return verifyHeld(verifier, secret, digests, options, held)
}

/** Without an `await` or a closure, whose cost a record that is held need not pay. */
function verifyHeld(
  verifier: Verifier,
  secret: string,
  digests: Candidates,
  options: VerifyOptions,
  held: Held,
): Verification | Promise<Verification> {
  const { settings, acceptor, observed } = verifier
  const now = settings.now()
  const found = held.find(digests, now)
  if (found === null) return verifyStored(verifier, secret, digests, options)
  const again = acceptor.acceptAgain(found, options, now)
  if (again !== null) return observed(again)
  if (shardIn(secret, settings.prefix) === null) return refuse(verifier, 'malformed')
  // The expiry that is held may have moved since.
  const mayHaveMoved = settings.expiry.slidingMs !== undefined && statusOf(found.record, now) === 'expired'
  if (mayHaveMoved) return verifyStored(verifier, secret, digests, options)
  const digest = settings.digests.keptUnder(digests, found.record.digest)
  return judge(verifier, found.record, digest, options, found)
}

async function verifyStored(
  verifier: Verifier,
  secret: string,
  digests: Candidates | null,
  options: VerifyOptions,
): Promise<Verification> {
  const { settings } = verifier
  // Not before: a checksum saves nothing but this call of the store.
  const shard = shardIn(secret, settings.prefix)
  if (shard === null) return refuse(verifier, 'malformed')
  const candidates = digests ?? settings.digests.all(secret)
  const record = await settings.store.findByDigest(candidates, shard)
  const digest = record && settings.digests.keptUnder(candidates, record.digest)
  return judge(verifier, record, digest ?? '', options)
}

/**
 * What becomes of the record that was found.
 *
 * @param digest What it is to be kept under.
 * @param held Where the store holds it in memory.
 */
export function judge(
  verifier: Verifier,
  record: TokenRecord | null,
  digest: string,
  options: VerifyOptions,
  held: HeldRecord | null = null,
): Verification | Promise<Verification> {
  const { settings, acceptor, observed } = verifier
  if (record === null) return refuse(verifier, 'unknown')
  const now = settings.now()
  const reason = refusalOf(record, now, options, settings)
  if (reason !== null) return refuse(verifier, reason, record)
  if (isPendingSuccessor(record)) return acceptSuccessor(verifier, record, digest, now)
  return observed(held === null ? acceptor.accept(record, digest, now) : acceptor.acceptHeld(held, digest, now))
}

/** The first use of a successor ends the time of its predecessor before it is answered. */
async function acceptSuccessor(
  verifier: Verifier,
  record: TokenRecord,
  digest: string,
  now: number,
): Promise<Verification> {
  const { settings, acceptor, observed, completeRotation } = verifier
  const completed = await completeRotation(record, now)
  if (completed === null) {
    await confirmGone(settings.store, record, [...new Set([digest, record.digest])], 'complete a rotation')
    return refuse(verifier, 'unknown')
  }
  return observed(acceptor.accept({ ...record, overlapEndsAt: null }, digest, now))
}

function refusalOf(record: TokenRecord, now: number, options: VerifyOptions, rules: ScopeRules): RefusalReason | null {
  const status = statusOf(record, now)
  if (status !== 'active') return status
  if (record.networks !== null && !allowsAddress(record.networks, options.ip)) return 'network_not_allowed'
  return permits(record, options, rules) ? null : 'insufficient_scope'
}

export function refuse(
  { settings, observed }: Verifier,
  reason: RefusalReason,
  record: TokenRecord | null = null,
): Verification {
  settings.events?.refused(reason, record)
  return observed({ ok: false, reason })
}
