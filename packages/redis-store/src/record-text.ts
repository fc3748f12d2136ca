import type { TokenAttributes, TokenRecord } from '@tessera/core'
import { compactText, escapeText, expandText } from './compact-text.ts'
import { unpackDigest } from './packed-digest.ts'

const FIRST_SCOPE = 14

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

export function readRecord(text: string, digest: string): TokenRecord {
  const lines = text.split('\n')
  const line = (index: number) => lines[index] ?? ''
  const createdAt = readInstant(line(8)) ?? 0
  const createdBy = line(12)
  const attributes = line(13)
  const life = readLife(line(5))
  // Field by field: spread into a literal, the records of many tokens would have no shape in common, and be slow to read.
  return {
    id: expandText(line(7)),
    owner: expandText(line(9)),
    digest,
    preview: expandText(line(10)),
    name: expandText(line(11)),
    scopes: lines.slice(FIRST_SCOPE).map(expandText),
    createdBy: createdBy === '' ? null : (JSON.parse(createdBy) as string),
    attributes: attributes === '' ? {} : (JSON.parse(attributes) as TokenAttributes),
    createdAt,
    updatedAt: readInstant(line(3)) ?? createdAt,
    expiresAt: readInstant(line(6)),
    lastUsedAt: readInstant(line(2)),
    suspendedAt: readInstant(line(1)),
    revokedAt: readInstant(line(0)),
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
