import type { TokenAttributes, TokenRecord } from '@tessera/core'
import { compactText, escapeText } from './compact-text.ts'
import { writeInstant } from './instant-text.ts'
import { hasMore, linesOf, nextLine, nextNumber, nextText } from './lines.ts'
import { unpackDigest } from './packed-digest.ts'
import { readLife, writeLife } from './life-text.ts'

/**
 * A record as the text that Redis keeps under its digest: one fact a line, the scopes last. What changes is in the first
 * six lines, which the scripts take apart, but for name and scopes. Instants are in base 36; an empty line stands for
 * `null`, and for an `updatedAt` that is `createdAt`.
 */
export function writeRecord(record: TokenRecord): string {
  const attributes = Object.keys(record.attributes).length === 0 ? '' : JSON.stringify(record.attributes)
  const lines = [
    writeInstant(record.revokedAt),
    writeInstant(record.suspendedAt),
    writeInstant(record.lastUsedAt),
    writeInstant(record.updatedAt === record.createdAt ? null : record.updatedAt),
    '',
    writeLife(record),
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

/** @throws Error for a text that is none; the error has nothing of it */
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
  nextLine(lines) // What the change feed may not have been told of is for the scripts.
  const life = readLife(nextLine(lines))
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
  // Field by field: spread into a literal, the records of many tokens would have no shape in common, and be slow to read.
  return {
    id,
    owner,
    digest,
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
    sealedSuccessor: life.sealedSuccessor,
    networks: life.networks,
  }
}

/** The scopes as they end a record's text. */
export function writeScopes(scopes: readonly string[]): string {
  return scopes.map((scope) => `\n${compactText(scope)}`).join('')
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
