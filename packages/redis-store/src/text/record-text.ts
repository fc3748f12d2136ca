import type { TokenAttributes, TokenRecord } from '@tessera/core'
import { compactText, escapeText } from './compact-text.ts'
import { writeInstant } from './instant-text.ts'
import { readLife, unknownIn, writeLife } from './life-text.ts'
import { hasMore, linesOf, nextLine, nextNumber, nextText } from './lines.ts'
import { packDigest, unpackDigest } from './packed-digest.ts'

/** The part of a record's text beside the record. */
export interface Carried {
  /** Digests still to be announced by the change feed. */
  readonly owed: readonly string[]
  /** Facts written by a newer version. They survive the writes of this one. */
  readonly unknown: string
}

const NOTHING: Carried = { owed: [], unknown: '' }

/**
 * A record as the text kept by Redis under its digest: one fact a line, the scopes last. Instants are in base 36. An
 * empty line stands for `null`, and for an `updatedAt` equal to `createdAt`.
 */
export function writeRecord(record: TokenRecord, { owed, unknown }: Carried = NOTHING): string {
  const attributes = Object.keys(record.attributes).length === 0 ? '' : JSON.stringify(record.attributes)
  const lines = [
    writeInstant(record.revokedAt),
    writeInstant(record.suspendedAt),
    writeInstant(record.lastUsedAt),
    writeInstant(record.updatedAt === record.createdAt ? null : record.updatedAt),
    writeDigests(owed),
    writeLife(record, unknown),
    writeInstant(record.expiresAt),
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
  nextLine(lines) // See `readCarried`.
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
  const life = readLife(lifeLine, { id, preview, createdAt })
  // Field by field: spread into a literal, the records of many tokens would have no shape in common, and be slow to read.
  return {
    id,
    owner,
    digest,
    prefix: life.prefix,
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
    pending: life.pending,
    sealedSuccessor: life.sealedSuccessor,
    networks: life.networks,
    issuedBy: life.issuedBy,
    makers: life.makers,
    line: life.line,
    lineCreatedAt: life.lineCreatedAt,
    expiryCeiling: life.expiryCeiling,
    fixedExpiry: life.fixedExpiry,
  }
}

/** The part of a readable record's text beside the record. */
export function readCarried(bytes: Buffer): Carried {
  const lines = linesOf(bytes)
  for (let line = 1; line <= 4; line += 1) nextLine(lines)
  const [owed, life] = [nextLine(lines), nextLine(lines)]
  return owed === '' && life === '' ? NOTHING : { owed: readDigests(owed), unknown: unknownIn(life) }
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

/** Packed digests in hex, each with a space behind it. */
export function readDigests(hexes: string): string[] {
  return hexes.split(' ').flatMap((hex) => (hex === '' ? [] : [unpackDigest(Buffer.from(hex, 'hex'))]))
}

function writeDigests(digests: readonly string[]): string {
  return digests.map((digest) => `${packDigest(digest).toString('hex')} `).join('')
}
