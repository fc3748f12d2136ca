import { IMPORTED_FROM, TokenError, isLine, isName, isScope, isString, networksOf } from '@tessera/core'
import type { NewRecord, TokenAttributes, TokenRecord, TokenRecords } from '@tessera/core'
import { isSlowHash } from '../hashes/slow-hash.ts'
import { LegacyRowError } from '../systems/system.ts'
import type { LegacyToken } from '../systems/system.ts'

/** A token in our terms, and its losses. */
export interface CheckedToken {
  readonly facts: Omit<NewRecord, 'id' | 'digest' | 'prefix'>
  readonly times: Pick<TokenRecord, 'lastUsedAt' | 'suspendedAt' | 'revokedAt' | 'revokedReason' | 'updatedAt'>
  readonly notes: readonly string[]
}

const MOST_SCOPES = 100
const MOST_NAMED = 10
const MOST_ATTRIBUTES = 32
const LONGEST_VALUE = 1_024
const ATTRIBUTE = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/**
 * Checks a token of another system. It never gets more than it had: then the row is refused. Lesser faults are left out with a
 * note.
 *
 * @throws LegacyRowError with the reason
 */
export function checkToken(system: string, token: LegacyToken, records: TokenRecords): CheckedToken {
  checkSecret(token)
  const { owner, networks = null, createdBy = null } = token
  if (!isLine(owner)) throw new LegacyRowError('the owner must be a line of 1 to 255 characters')
  const notes: string[] = []
  const left = (isRight: boolean, what: string) => {
    if (!isRight) notes.push(`${what} left out`)
    return isRight
  }
  const { name = `From ${system}`, preview = '*'.repeat(8), attributes = {} } = token
  const now = records.now()
  const createdAt = Math.min(epoch('createdAt', token.createdAt) ?? now, now)
  const ended = [epoch('suspendedAt', token.suspendedAt), epoch('revokedAt', token.revokedAt)]
  // A time that nobody knows is written as 0.
  const [suspendedAt = null, revokedAt = null] = ended.map((at) => (at === null ? null : Math.max(at, createdAt)))
  const expiresAt = epoch('expiresAt', token.expiresAt)
  return {
    facts: {
      owner,
      name: left(isName(name), 'a name that hides something') ? name : `From ${system}`,
      preview: left(isLine(preview), 'a preview that is no line') ? preview : '*'.repeat(8),
      scopes: keptScopes(token.scopes ?? [], records, notes),
      createdBy: createdBy === null || left(isLine(createdBy), 'createdBy, which is no line') ? createdBy : null,
      attributes: { ...keptAttributes(attributes, notes), [IMPORTED_FROM]: system },
      createdAt,
      expiresAt,
      fixedExpiry: expiresAt !== null,
      networks: networksIn(networks),
    },
    times: {
      lastUsedAt: epoch('lastUsedAt', token.lastUsedAt),
      suspendedAt,
      revokedAt,
      revokedReason: revokedAt === null ? null : 'administrative',
      updatedAt: Math.max(createdAt, suspendedAt ?? 0, revokedAt ?? 0),
    },
    notes,
  }
}

/** @throws LegacyRowError unless some secret can be behind the row */
export function checkSecret({ digest, lookup, hash }: LegacyToken): void {
  const isDigest = isGiven(digest) && hash === undefined && (lookup === undefined || isGiven(lookup))
  const isHash = isGiven(hash) && digest === undefined && isGiven(lookup)
  if (!isDigest && !isHash) throw new LegacyRowError('the row needs a digest, or a lookup with a hash')
  if (hash !== undefined && !isSlowHash(hash))
    throw new LegacyRowError('the hash is none of bcrypt, PBKDF2 and scrypt, or costs too much')
}

function isGiven(text: unknown): boolean {
  return typeof text === 'string' && text !== ''
}

function epoch(field: string, at: Date | null | undefined): number | null {
  if (at === null || at === undefined) return null
  const instant = at instanceof Date ? at.getTime() : Number.NaN
  if (!Number.isSafeInteger(instant) || instant < 0) throw new LegacyRowError(`${field} is no instant since 1970`)
  return instant
}

function keptScopes(scopes: readonly string[], records: TokenRecords, notes: string[]): readonly string[] {
  const asked = [...new Set(scopes)]
  const kept = asked.filter((scope) => isString(scope) && isScope(scope) && records.mayGrant(scope))
  if (kept.length > MOST_SCOPES) throw new LegacyRowError(`more than ${MOST_SCOPES} scopes`)
  const lost = asked.filter((scope) => !kept.includes(scope))
  if (lost.length > 0) notes.push(`scopes left out, as they cannot be granted: ${listed(lost)}`)
  return kept
}

/** A row may have any number of scopes, of any kind and length. */
function listed(lost: readonly unknown[]): string {
  const shown = lost
    .slice(0, MOST_NAMED)
    .map((scope) => (isString(scope) ? JSON.stringify(scope.slice(0, 128)) : typeof scope))
  return shown.join(', ') + (lost.length > MOST_NAMED ? ` and ${lost.length - MOST_NAMED} more` : '')
}

function keptAttributes(attributes: TokenAttributes, notes: string[]): TokenAttributes {
  const all = Object.entries(attributes)
  const kept = all.filter(isAttribute).slice(0, MOST_ATTRIBUTES - 1)
  if (kept.length < all.length) notes.push(`${all.length - kept.length} attributes left out`)
  return Object.fromEntries(kept)
}

/** Whether a token may have these attributes. */
export function areAttributes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const all = Object.entries(value)
  return all.length <= MOST_ATTRIBUTES && all.every(isAttribute)
}

function isAttribute([name, value]: readonly [string, unknown]): boolean {
  return ATTRIBUTE.test(name) && (value === '' || isLine(value, LONGEST_VALUE))
}

/** Networks that cannot be read must not become none: the token would then work from anywhere. */
function networksIn(networks: readonly string[] | null): readonly string[] | null {
  try {
    return networksOf(networks, null)
  } catch (error) {
    if (error instanceof TokenError) throw new LegacyRowError('the networks cannot be read')
    throw error
  }
}
