import type { TokenRecord } from '@tessera/core'
import { escapeText, expandText } from './compact-text.ts'
import { readInstant, writeInstant } from './instant-text.ts'

/** The facts missing from most tokens. */
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
const FACTS = 6

/**
 * The later life of a token as one line, with tabs between the facts: these stand in no escaped text. Empty for none.
 *
 * @param unknown Facts of a newer version, as `unknownIn` found them.
 */
export function writeLife(
  { revokedReason, rotatedTo, rotatedFrom, overlapEndsAt, sealedSuccessor, networks }: Life,
  unknown = '',
): string {
  const facts = [
    escapeText(revokedReason ?? ''),
    escapeText(rotatedTo ?? ''),
    escapeText(rotatedFrom ?? ''),
    writeInstant(overlapEndsAt),
    escapeText(sealedSuccessor ?? ''),
    networks === null ? '' : JSON.stringify(networks),
  ]
  return unknown === '' && facts.every((fact) => fact === '') ? '' : facts.join('\t') + unknown
}

/** The facts of a newer version at the end of a line, each with a tab before it. */
export function unknownIn(line: string): string {
  return line
    .split('\t')
    .slice(FACTS)
    .map((fact) => `\t${fact}`)
    .join('')
}

/** @throws Error for any other line */
export function readLife(line: string): Life {
  if (line === '') return NO_LIFE
  const facts = line.split('\t')
  if (facts.length < FACTS) throw new RangeError('a fact is missing')
  const [reason = '', to = '', from = '', overlapEndsAt = '', sealed = '', networks = ''] = facts
  return {
    revokedReason: readText(reason) as TokenRecord['revokedReason'],
    rotatedTo: readText(to),
    rotatedFrom: readText(from),
    overlapEndsAt: readInstant(overlapEndsAt),
    sealedSuccessor: readText(sealed),
    networks: networks === '' ? null : networksFrom(JSON.parse(networks)),
  }
}

function readText(fact: string): string | null {
  return fact === '' ? null : expandText(fact)
}

function networksFrom(value: unknown): string[] {
  const areTexts = Array.isArray(value) && value.every((each) => typeof each === 'string')
  if (!areTexts) throw new TypeError('networks are none')
  return value
}
