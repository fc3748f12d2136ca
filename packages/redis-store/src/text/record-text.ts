import type { TokenAttributes, TokenRecord } from '@tessera/core'
import { compactText, escapeText } from './compact-text.ts'
import { writeInstant } from './instant-text.ts'
import { isNewSuccessor, prefixIn, readLife, unknownIn, writeLife } from './life-text.ts'
import { hasMore, linesOf, nextLine, nextNumber, nextText, skipLine } from './lines.ts'
import { packDigest, unpackDigest } from './packed-digest.ts'

/** The part of a record's text beside the record. */
export interface Carried {
  /** Digests still to be announced by the change feed. */
  readonly owed: readonly string[]
  /** Facts written by a newer version. They survive the writes of this one. */
  readonly unknown: string
}

/** Stands for a record's own digest among those still to be announced. */
const OWN = '0'

const NOTHING: Carried = { owed: [], unknown: '' }

/** A record and its text. */
export interface WrittenRecord {
  readonly record: TokenRecord
  readonly carried: Carried
  /** The lines from the id on. */
  readonly origin: string
}

/**
 * A record as the text kept by Redis under its digest: one fact a line, the scopes last. Instants are in base 36. An
 * empty line stands for `null`, and for an `updatedAt` equal to `createdAt`.
 *
 * @param former An earlier state of the record. Lines that it has in common are copied.
 */
export function writeRecord(
  record: TokenRecord,
  { owed, unknown }: Carried = NOTHING,
  former: Pick<WrittenRecord, 'record' | 'origin'> | null = null,
): string {
  const updatedAt = writeInstant(record.updatedAt === record.createdAt ? null : record.updatedAt)
  const uses = `${writeInstant(record.revokedAt)}\n${writeInstant(record.suspendedAt)}\n${writeInstant(record.lastUsedAt)}`
  const life = `${writeDigests(owed, record.digest)}\n${writeLife(record, unknown)}\n${writeInstant(record.expiresAt)}`
  const origin = former !== null && isOfOrigin(record, former.record) ? former.origin : writeOrigin(record)
  return `${uses}\n${updatedAt}\n${life}\n${origin}`
}

function writeOrigin(record: TokenRecord): string {
  const attributes = Object.keys(record.attributes).length === 0 ? '' : JSON.stringify(record.attributes)
  const lines = [
    escapeText(record.id),
    writeInstant(record.createdAt),
    compactText(record.owner),
    compactText(record.preview),
    compactText(record.name),
    record.createdBy === null ? '' : JSON.stringify(record.createdBy),
    attributes,
    ...record.scopes.map(compactText),
  ]
  return lines.join('\n')
}

/** Whether two states of a record differ in nothing from the id on. */
function isOfOrigin(record: TokenRecord, former: TokenRecord): boolean {
  return (
    record.name === former.name &&
    record.scopes === former.scopes &&
    record.attributes === former.attributes &&
    record.id === former.id &&
    record.createdAt === former.createdAt &&
    record.owner === former.owner &&
    record.preview === former.preview &&
    record.createdBy === former.createdBy
  )
}

/** @throws Error for any other text, which is not repeated */
export function readRecord(bytes: Buffer, digest: string): TokenRecord {
  try {
    return readLines(bytes, digest)
  } catch {
    throw new Error('Redis keeps a record that cannot be read: its text is corrupt')
  }
}

function readLines(bytes: Buffer, digest: string): TokenRecord {
  const lines = linesOf(bytes)
  const revokedAt = nextNumber(lines)
  const suspendedAt = nextNumber(lines)
  const lastUsedAt = nextNumber(lines)
  const updatedAt = nextNumber(lines)
  skipLine(lines) // See `readWritten`.
  const lifeLine = nextLine(lines)
  const expiresAt = nextNumber(lines)
  const id = nextText(lines)
  const createdAt = required(nextNumber(lines))
  const owner = nextText(lines)
  const preview = nextText(lines)
  const name = nextText(lines)
  const createdBy = nextLine(lines)
  const attributes = nextLine(lines)
  const scopes: string[] = []
  while (hasMore(lines)) scopes.push(nextText(lines))
  const life = readLife(lifeLine)
  // Field by field: spread into a literal, the records of many tokens would have no shape in common, and be slow to read.
  return {
    id,
    owner,
    digest,
    prefix: life.prefix ?? prefixIn(preview),
    preview,
    name,
    scopes,
    createdBy: createdBy === '' ? null : textFrom(JSON.parse(createdBy)),
    attributes: attributes === '' ? {} : attributesFrom(JSON.parse(attributes)),
    createdAt,
    updatedAt: updatedAt ?? createdAt,
    expiresAt,
    lastUsedAt,
    suspendedAt,
    revokedAt,
    revokedReason: life.revokedReason,
    rotatedTo: life.rotatedTo,
    rotatedFrom: life.rotatedFrom,
    overlapEndsAt: life.overlapEndsAt,
    pending: life.pending ?? isNewSuccessor(life),
    sealedSuccessor: life.sealedSuccessor,
    networks: life.networks,
    issuedBy: life.issuedBy,
    makers: life.makers,
    line: life.line ?? id,
    lineCreatedAt: life.lineCreatedAt ?? createdAt,
    expiryCeiling: life.expiryCeiling,
    fixedExpiry: life.fixedExpiry,
  }
}

/** A record, and the rest of its text. */
export function readWritten(bytes: Buffer, digest: string): WrittenRecord {
  const record = readRecord(bytes, digest)
  const lines = linesOf(bytes)
  for (let line = 1; line <= 4; line += 1) skipLine(lines)
  const [owed, life] = [nextLine(lines), nextLine(lines)]
  skipLine(lines)
  const carried = owed === '' && life === '' ? NOTHING : { owed: readDigests(owed, digest), unknown: unknownIn(life) }
  return { record, carried, origin: bytes.toString('utf8', lines.at) }
}

function required(instant: number | null): number {
  if (instant === null) throw new RangeError('an instant is missing')
  return instant
}

function textFrom(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a text is none')
  return value
}

function attributesFrom(value: unknown): TokenAttributes {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('attributes are none')
  return value as TokenAttributes
}

/** Digests packed in hex, or `OWN`, each with a space behind it. */
export function readDigests(names: string, own: string): string[] {
  return names.split(' ').flatMap((name) => (name === '' ? [] : [name === OWN ? own : fromHex(name)]))
}

function writeDigests(digests: readonly string[], own: string): string {
  return digests.map((digest) => `${digest === own ? OWN : packDigest(digest).toString('hex')} `).join('')
}

function fromHex(hex: string): string {
  return unpackDigest(Buffer.from(hex, 'hex'))
}
