import { REVOCATION_REASONS, isBoolean, isLine, isName, isScope, isString, networksOf, newRecord } from '@tessera/core'
import type { RevocationReason, TokenRecord, TokenRecords } from '@tessera/core'
import { BUCKET_OWNERS, isPointer } from '../pointers/pointer.ts'
import { LegacyRowError } from '../systems/system.ts'
import type { LegacyRow } from '../systems/system.ts'
import { areAttributes } from './check-token.ts'

type Rule = (value: unknown) => boolean

const LATEST = 8.64e15
const LONGEST = 4_096
const DIGEST = /^[\w-]{43}$/

const line: Rule = (value) => isLine(value)
/** Every instant becomes a `Date` for callers. */
const instant: Rule = (value) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= LATEST
const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null || rule(value)
const each =
  (rule: Rule): Rule =>
  (value) =>
    Array.isArray(value) && value.every((one) => rule(one))

/** The rules are those of issued tokens: with another value, a list of the owner's tokens could fail. */
const FIELDS: Readonly<Record<keyof TokenRecord, Rule>> = {
  id: line,
  owner: (value) => isLine(value) || BUCKET_OWNERS.includes(String(value)),
  digest: (value) => isString(value) && DIGEST.test(value),
  prefix: line,
  preview: line,
  name: isName,
  scopes: each((value) => isString(value) && isScope(value)),
  createdBy: orNull(line),
  attributes: areAttributes,
  createdAt: instant,
  updatedAt: instant,
  expiresAt: orNull(instant),
  lastUsedAt: orNull(instant),
  suspendedAt: orNull(instant),
  revokedAt: orNull(instant),
  revokedReason: orNull((value) => REVOCATION_REASONS.includes(value as RevocationReason)),
  rotatedTo: orNull(line),
  rotatedFrom: orNull(line),
  overlapEndsAt: orNull(instant),
  pending: isBoolean,
  sealedSuccessor: orNull((value) => isLine(value, LONGEST)),
  networks: orNull(areNetworks),
  issuedBy: orNull(line),
  makers: each(line),
  line,
  lineCreatedAt: instant,
  expiryCeiling: orNull(instant),
  fixedExpiry: isBoolean,
}

/**
 * The record of a row, and nothing else of it.
 *
 * @throws LegacyRowError for one that these tokens cannot have
 */
export function recordIn({ tessera, record }: LegacyRow, { prefixes, isId }: TokenRecords): TokenRecord {
  if (tessera !== 1 || typeof record !== 'object' || record === null)
    throw new LegacyRowError('no row of an export: name the system that the rows are from')
  for (const [name, isRight] of Object.entries(FIELDS)) {
    if (!isRight(Object.hasOwn(record, name) ? Reflect.get(record, name) : undefined))
      throw new LegacyRowError(`the ${name} of the record is missing or wrong`)
  }
  const kept = record as TokenRecord
  if (!prefixes.includes(kept.prefix))
    throw new LegacyRowError('the record is of another API: its prefix is not that of these tokens')
  if (!isPointer(kept) && !isId(kept.id)) throw new LegacyRowError('the id of the record is not of the option "ids"')
  const known = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, Reflect.get(kept, name)]))
  return { ...newRecord(kept), ...known }
}

function areNetworks(value: unknown): boolean {
  try {
    return String(networksOf(value as string[], null)) === String(value)
  } catch {
    return false
  }
}
