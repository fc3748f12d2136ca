import type { TokenRecord } from '@tessera/core'
import { escapeText, expandText } from './compact-text.ts'
import { readInstant, writeInstant } from './instant-text.ts'

/** The facts missing from most tokens. */
interface Later
  extends Pick<
    TokenRecord,
    | 'revokedReason'
    | 'rotatedTo'
    | 'rotatedFrom'
    | 'overlapEndsAt'
    | 'sealedSuccessor'
    | 'networks'
    | 'issuedBy'
    | 'makers'
    | 'expiryCeiling'
    | 'fixedExpiry'
  > {
  /** `null` for those that the token's other facts tell. */
  readonly pending: boolean | null
  readonly line: string | null
  readonly lineCreatedAt: number | null
  readonly prefix: string | null
}

/** The facts that tell others of most tokens: a token begins its line, and its preview begins with its prefix. */
type First = Pick<TokenRecord, 'id' | 'preview' | 'createdAt'>

type Told = 'pending' | 'line' | 'lineCreatedAt' | 'prefix'

type Life = Omit<Later, Told> & Pick<TokenRecord, Told>

const NOTHING: Later = {
  revokedReason: null,
  rotatedTo: null,
  rotatedFrom: null,
  overlapEndsAt: null,
  sealedSuccessor: null,
  networks: null,
  issuedBy: null,
  makers: [],
  line: null,
  lineCreatedAt: null,
  expiryCeiling: null,
  fixedExpiry: false,
  prefix: null,
  pending: null,
}
const OF_LIFE = 6
const OF_ORIGIN = 8
/** Behind the reason of a token whose life has nothing else. */
const NO_LATER = '\t'.repeat(OF_LIFE - 1)

/**
 * The later life of a token and then its origin as one line, with tabs between the facts: these stand in no escaped text.
 * Empty for neither, and without the origin if that says nothing.
 *
 * @param unknown Facts of a newer version, as `unknownIn` found them.
 */
export function writeLife(life: Life & First, unknown = ''): string {
  if (isFirst(life) && unknown === '')
    return life.revokedReason === null ? '' : escapeText(life.revokedReason) + NO_LATER
  const later = [
    escapeText(life.revokedReason ?? ''),
    escapeText(life.rotatedTo ?? ''),
    escapeText(life.rotatedFrom ?? ''),
    writeInstant(life.overlapEndsAt),
    escapeText(life.sealedSuccessor ?? ''),
    life.networks === null ? '' : JSON.stringify(life.networks),
  ]
  const origin = [
    escapeText(life.issuedBy ?? ''),
    life.makers.length === 0 ? '' : JSON.stringify(life.makers),
    life.line === life.id ? '' : escapeText(life.line),
    life.lineCreatedAt === life.createdAt ? '' : writeInstant(life.lineCreatedAt),
    writeInstant(life.expiryCeiling),
    life.fixedExpiry ? '1' : '',
    life.prefix === prefixIn(life.preview) ? '' : JSON.stringify(life.prefix),
    life.pending === isNewSuccessor(life) ? '' : writeFlag(life.pending),
  ]
  if (unknown !== '' || origin.some(isSaid)) return [...later, ...origin].join('\t') + unknown
  return later.some(isSaid) ? later.join('\t') : ''
}

/** Whether a token was neither rotated nor bound to anything, and a person made it. */
function isFirst(life: Life & First): boolean {
  return (
    life.rotatedTo === null &&
    life.rotatedFrom === null &&
    life.overlapEndsAt === null &&
    life.sealedSuccessor === null &&
    life.networks === null &&
    life.issuedBy === null &&
    life.makers.length === 0 &&
    life.line === life.id &&
    life.lineCreatedAt === life.createdAt &&
    life.expiryCeiling === null &&
    !life.fixedExpiry &&
    !life.pending &&
    life.prefix === prefixIn(life.preview)
  )
}

function isSaid(fact: string): boolean {
  return fact !== ''
}

/** The facts of a newer version at the end of a line, each with a tab before it. */
export function unknownIn(line: string): string {
  return line
    .split('\t')
    .slice(OF_LIFE + OF_ORIGIN)
    .map((fact) => `\t${fact}`)
    .join('')
}

/** @throws Error for any other line */
export function readLife(line: string): Later {
  if (line === '') return NOTHING
  const facts = line.split('\t')
  if (facts.length !== OF_LIFE && facts.length < OF_LIFE + OF_ORIGIN) throw new RangeError('a fact is missing')
  const [reason = '', to = '', from = '', overlapEndsAt = '', sealed = '', networks = '', ...origin] = facts
  const [issuedBy = '', makers = '', first = '', since = '', ceiling = '', fixed = '', prefix = '', pending = ''] =
    origin
  return {
    revokedReason: readText(reason) as TokenRecord['revokedReason'],
    rotatedTo: readText(to),
    rotatedFrom: readText(from),
    overlapEndsAt: readInstant(overlapEndsAt),
    sealedSuccessor: readText(sealed),
    networks: networks === '' ? null : textsFrom(JSON.parse(networks)),
    issuedBy: readText(issuedBy),
    makers: makers === '' ? [] : textsFrom(JSON.parse(makers)),
    line: readText(first),
    lineCreatedAt: readInstant(since),
    expiryCeiling: readInstant(ceiling),
    fixedExpiry: fixed === '1',
    prefix: prefix === '' ? null : textFrom(JSON.parse(prefix)),
    pending: pending === '' ? null : pending === '1',
  }
}

/** Most successors are pending until their first use, and are rotated later. */
export function isNewSuccessor({ rotatedFrom, rotatedTo, overlapEndsAt }: Omit<Later, Told>): boolean {
  return rotatedFrom !== null && rotatedTo === null && overlapEndsAt !== null
}

function writeFlag(flag: boolean): string {
  return flag ? '1' : '0'
}

/** The text before the last underscore: the characters of a secret after its prefix are letters and digits. */
export function prefixIn(preview: string): string {
  return preview.slice(0, Math.max(0, preview.lastIndexOf('_')))
}

function readText(fact: string): string | null {
  return fact === '' ? null : expandText(fact)
}

function textFrom(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a text is none')
  return value
}

function textsFrom(value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError('a list is none')
  return value.map(textFrom)
}
