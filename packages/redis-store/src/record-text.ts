import type { TokenAttributes, TokenRecord } from '@tessera/core'
import { compactText, escapeText, expandText } from './compact-text.ts'
import { unpackDigest } from './packed-digest.ts'

const LIFE = 13
const FIRST_SCOPE = 14

/** What most tokens have none of. */
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
 * A record as the text that Redis keeps under its digest: one fact a line, the scopes last. The scripts read and change
 * the first five lines only. Instants are in base 36; an empty line stands for `null`, and for an `updatedAt` that is
 * `createdAt`.
 */
export function writeRecord(record: TokenRecord): string {
  const attributes = Object.keys(record.attributes).length === 0 ? '' : JSON.stringify(record.attributes)
  const lines = [
    writeInstant(record.revokedAt),
    writeInstant(record.suspendedAt),
    writeInstant(record.lastUsedAt),
    writeInstant(record.updatedAt === record.createdAt ? null : record.updatedAt),
    '',
    writeInstant(record.expiresAt),
    escapeText(record.id),
    writeInstant(record.createdAt),
    compactText(record.owner),
    compactText(record.preview),
    compactText(record.name),
    record.createdBy === null ? '' : JSON.stringify(record.createdBy),
    attributes,
    writeLife(record),
    ...record.scopes.map(compactText),
  ]
  return lines.join('\n')
}

export function readRecord(text: string, digest: string): TokenRecord {
  const lines = text.split('\n')
  const line = (index: number) => lines[index] ?? ''
  const createdAt = readInstant(line(7)) ?? 0
  const createdBy = line(11)
  const attributes = line(12)
  return {
    id: expandText(line(6)),
    owner: expandText(line(8)),
    digest,
    preview: expandText(line(9)),
    name: expandText(line(10)),
    scopes: lines.slice(FIRST_SCOPE).map(expandText),
    createdBy: createdBy === '' ? null : (JSON.parse(createdBy) as string),
    attributes: attributes === '' ? {} : (JSON.parse(attributes) as TokenAttributes),
    createdAt,
    updatedAt: readInstant(line(3)) ?? createdAt,
    expiresAt: readInstant(line(5)),
    lastUsedAt: readInstant(line(2)),
    suspendedAt: readInstant(line(1)),
    revokedAt: readInstant(line(0)),
    ...readLife(line(LIFE)),
  }
}

function writeLife({ revokedReason, rotatedTo, rotatedFrom, overlapEndsAt, sealedSuccessor, networks }: Life): string {
  const life: Life = { revokedReason, rotatedTo, rotatedFrom, overlapEndsAt, sealedSuccessor, networks }
  return Object.values(life).every((fact) => fact === null) ? '' : JSON.stringify(life)
}

function readLife(line: string): Life {
  return line === '' ? NO_LIFE : (JSON.parse(line) as Life)
}

/** The digests that the token was kept under before, and that the change feed may not have told of. */
export function readUnannounced(text: string): string[] {
  return readDigests(text.split('\n', 5)[4] ?? '')
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
