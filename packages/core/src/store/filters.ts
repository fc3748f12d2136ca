import { isMadeBy } from '../token/makers.ts'
import { expiryIn, statusOf } from '../token/token.ts'
import type { TokenRecord, TokenStatus } from '../token/token.ts'

/** The filters of a query. All filters must hold; one that is `null` or left out filters nothing. */
export interface TokenFilters {
  /** The clock for statuses, in epoch milliseconds. */
  readonly now: number
  readonly statuses: readonly TokenStatus[] | null
  /** A part of the name, without regard to case; every character is literal. See {@link nameContains}. */
  readonly name: string | null
  /** Its creator, to the letter. */
  readonly createdBy?: string | null | undefined
  /** Lines, one of them among the makers of a token, see {@link isMadeBy}. */
  readonly makers?: readonly string[] | null | undefined
  /** Scopes, one of them among those of a token, to the letter. */
  readonly grants?: readonly string[] | null | undefined
  /** Exclusive, like every instant here: created later. */
  readonly createdAfter?: number | null | undefined
  /** Created earlier than this. */
  readonly createdBefore?: number | null | undefined
  /** Last used later than this. */
  readonly usedAfter?: number | null | undefined
  /** Last used earlier than this, or created earlier and never used. */
  readonly unusedSince?: number | null | undefined
  /** Expiring earlier than this, by its expiry or the ceiling of its line, also if it has expired by now. */
  readonly expiresBefore?: number | null | undefined
}

type FilterName = Exclude<keyof TokenFilters, 'now'>

type Test = (record: TokenRecord) => boolean

type MakeTest<Name extends FilterName> = (wanted: NonNullable<TokenFilters[Name]>, now: number) => Test

// The cheap ones come first.
const TESTS: { readonly [Name in FilterName]: MakeTest<Name> } = {
  createdBy: (creator) => (record) => record.createdBy === creator,
  createdAfter: (instant) => (record) => record.createdAt > instant,
  createdBefore: (instant) => (record) => record.createdAt < instant,
  usedAfter: (instant) => (record) => record.lastUsedAt !== null && record.lastUsedAt > instant,
  unusedSince: (instant) => (record) => (record.lastUsedAt ?? record.createdAt) < instant,
  expiresBefore: (instant) => (record) => expiryIn(record) < instant,
  statuses: (statuses, now) => (record) => statuses.includes(statusOf(record, now)),
  grants: (grants) => (record) => record.scopes.some((scope) => grants.includes(scope)),
  makers: (lines) => (record) => isMadeBy(record, lines),
  name(text) {
    const part = foldCase(text)
    return (record) => foldCase(record.name).includes(part)
  },
}

const NAMES = Object.keys(TESTS) as readonly FilterName[]

/** Whether a query filters: else every one of the owner's tokens passes. */
export function isFiltered(filters: TokenFilters): boolean {
  return NAMES.some((name) => (filters[name] ?? null) !== null)
}

/** Whether a record passes a query's filters. */
export function filterBy(filters: TokenFilters): Test {
  const tests = NAMES.flatMap((name) => testBy(filters, name) ?? [])
  return (record) => tests.every((passes) => passes(record))
}

function testBy<Name extends FilterName>(filters: TokenFilters, name: Name): Test | null {
  const wanted: TokenFilters[Name] | null = filters[name] ?? null
  const makeTest: MakeTest<Name> = TESTS[name]
  return wanted === null ? null : makeTest(wanted, filters.now)
}

/** Whether `name` holds `part` anywhere, without regard to case or to how accents are composed. */
export function nameContains(name: string, part: string): boolean {
  return foldCase(name).includes(foldCase(part))
}

// Lower case first, because ẞ has no upper case of its own and ß has; then upper case, where ς and σ meet.
function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().toUpperCase()
}
