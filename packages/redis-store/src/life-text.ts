import type { TokenRecord } from '@tessera/core'
import { escapeText, expandText } from './compact-text.ts'
import { readInstant, writeInstant } from './instant-text.ts'

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
const FACTS = 6

/** The later life of a token as one line, with tabs between the facts: these stand in no escaped text. Empty for none. */
export function writeLife({
  revokedReason,
  rotatedTo,
  rotatedFrom,
  overlapEndsAt,
  sealedSuccessor,
  networks,
}: Life): string {
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

/** @throws Error for a line that is none */
export function readLife(line: string): Life {
  if (line === '') return NO_LIFE
  const facts = line.split('\t')
  if (facts.length !== FACTS) throw new RangeError('a fact is missing')
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
