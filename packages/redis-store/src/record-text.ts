import type { TokenAttributes, TokenRecord } from '@tessera/core'
import { compactText, escapeText, expandText } from './compact-text.ts'
import { hasMore, linesOf, nextLine, nextNumber, nextText } from './lines.ts'
import { unpackDigest } from './packed-digest.ts'

/** What most tokens have none of: one line, which is empty then. */
type Life = Pick<
  TokenRecord,
  'revokedReason' | 'rotatedTo' | 'rotatedFrom' | 'overlapEndsAt' | 'sealedSuccessor' | 'networks'
>

const NO_LIFE: Life = {
  revokedReason: null,
  rotatedTo: null,
  rotatedFrom: null,
  overlapEndsAt: null,
  sealedSuccessor: null,
  networks: null,
}

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

export function readRecord(bytes: Buffer, digest: string): TokenRecord {
  const lines = linesOf(bytes)
  const revokedAt = nextNumber(lines)
  const suspendedAt = nextNumber(lines)
  const lastUsedAt = nextNumber(lines)
  const updatedAt = nextNumber(lines)
  nextLine(lines) // What the change feed may not have been told of is for the scripts.
  const life = readLife(nextLine(lines))
  const expiresAt = nextNumber(lines)
  const id = nextText(lines)
  const createdAt = nextNumber(lines) ?? 0
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
    createdBy: createdBy === '' ? null : (JSON.parse(createdBy) as string),
    attributes: attributes === '' ? {} : (JSON.parse(attributes) as TokenAttributes),
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

/** Tabs stand in no escaped text. */
function writeLife({ revokedReason, rotatedTo, rotatedFrom, overlapEndsAt, sealedSuccessor, networks }: Life): string {
  const facts = [
    escapeText(revokedReason ?? ''),
    escapeText(rotatedTo ?? ''),
    escapeText(rotatedFrom ?? ''),
    writeInstant(overlapEndsAt),
    escapeText(sealedSuccessor ?? ''),
    networks === null ? '' : JSON.stringify(networks),
  ]
  return facts.every((fact) => fact === '') ? '' : facts.join('\t')
}

function readLife(line: string): Life {
  if (line === '') return NO_LIFE
  const [reason = '', to = '', from = '', overlapEndsAt = '', sealed = '', networks = ''] = line.split('\t')
  return {
    revokedReason: readText(reason) as TokenRecord['revokedReason'],
    rotatedTo: readText(to),
    rotatedFrom: readText(from),
    overlapEndsAt: readInstant(overlapEndsAt),
    sealedSuccessor: readText(sealed),
    networks: networks === '' ? null : (JSON.parse(networks) as string[]),
  }
}

function readText(fact: string): string | null {
  return fact === '' ? null : expandText(fact)
}

/** Packed digests in hex, each with a space behind it. */
export function readDigests(hexes: string): string[] {
  return hexes.split(' ').flatMap((hex) => (hex === '' ? [] : [unpackDigest(Buffer.from(hex, 'hex'))]))
}

export function writeInstant(instant: number | null): string {
  return instant === null ? '' : Math.floor(instant).toString(36)
}

function readInstant(line: string): number | null {
  return line === '' ? null : Number.parseInt(line, 36)
}
