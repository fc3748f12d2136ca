import type { Settings } from '../setup/settings.ts'
import type { TokenFilters } from '../store/filters.ts'
import type { Place, SortField, TokenSort, TokenWindow } from '../store/query.ts'
import { invalidParameter } from '../token/errors.ts'
import { instantOf } from '../token/expiry.ts'
import type { IdFormat } from '../token/ids.ts'
import { grantsOf, isScope } from '../token/scope.ts'
import { LINE, isLine, isText } from '../token/text.ts'
import { toToken } from '../token/token.ts'
import type { Token, TokenStatus } from '../token/token.ts'
import { checkOwner } from './request/issue-request.ts'
import { linesMadeBy } from './request/lines-made-by.ts'
import { refuseNulls } from './request/refuse-nulls.ts'

export interface ListOptions {
  /** Only tokens with one of these statuses now. Default all. */
  readonly statuses?: readonly TokenStatus[] | null
  /** Only tokens with this text in their name, without regard to case. Default all. */
  readonly name?: string | null
  /** Only tokens that this person made, to the letter, and those that their tokens made for nobody else. Default all. */
  readonly createdBy?: string | null
  /**
   * Only tokens made by this token, by its predecessors and successors, or by what those made. The id may be of a pruned
   * token. For such, and for one with 16 makers or more, it reads the owner's tokens first. Default all.
   */
  readonly issuedBy?: string | null
  /**
   * Only tokens that permit this scope: those that were granted it, and with `wildcards` those that were granted
   * `jobs:*` for `jobs:read`. Default all.
   */
  readonly scope?: string | null
  /** Only tokens created after this instant. Exclusive, as are all instants here. Default all. */
  readonly createdAfter?: Date | null
  /** Only tokens created before this instant. Default all. */
  readonly createdBefore?: Date | null
  /** Only tokens last used after this instant. Uses are recorded late: see `recordUseEveryMs`. Default all. */
  readonly usedAfter?: Date | null
  /** Only tokens last used before this instant, and those created before it and never used. Default all. */
  readonly unusedSince?: Date | null
  /**
   * Only tokens with an expiry before this instant. Expired ones are among them, and revoked ones with an expiry: see
   * `statuses`. Default all.
   */
  readonly expiresBefore?: Date | null
  /** Default oldest first. By creation a filtered page has a bounded cost. Any other order reads all the owner's tokens. */
  readonly sort?: TokenSort
  /** Default the first 50. */
  readonly window?: TokenWindow
}

export interface TokenList {
  readonly tokens: readonly Token[]
  /** For a window by offset, how many tokens pass the filters in all; else `null`. */
  readonly total: number | null
  /**
   * For a window by place, the place to go on from; `null` at the end. It stays valid after its row was pruned.
   *
   * Follow it, and do not count tokens: a filtered page by creation ends after a look at 5,000 tokens. So it may be short
   * or empty, and have a next place.
   */
  readonly next: Place | null
}

const STATUSES: ReadonlySet<string> = new Set<TokenStatus>(['active', 'suspended', 'expired', 'revoked'])
const FIELDS: ReadonlySet<string> = new Set<SortField>(['createdAt', 'id', 'lastUsedAt', 'status'])

/** The verb `list`. */
export async function listTokens(settings: Settings, owner: string, options: ListOptions): Promise<TokenList> {
  refuseNulls(options, ['sort', 'window'])
  const { statuses = null, name = null, createdBy = null, scope = null } = options
  const { sort = { by: 'createdAt', direction: 'asc' } } = options
  const window = options.window ?? { offset: 0, limit: 50 }
  checkOwner(owner)
  if (statuses !== null && !isStatusList(statuses))
    throw invalidParameter('statuses', `taken from ${[...STATUSES].join(', ')}`)
  if (name !== null && !isText(name, 255)) throw invalidParameter('name', 'a text of at most 255 characters')
  if (createdBy !== null && !isLine(createdBy)) throw invalidParameter('createdBy', LINE)
  if (scope !== null && !(typeof scope === 'string' && isScope(scope))) throw invalidParameter('scope', 'one scope')
  const instants = instantsIn(options)
  if (!FIELDS.has(sort.by)) throw invalidParameter('sort.by', `one of ${[...FIELDS].join(', ')}`)
  if (sort.direction !== 'asc' && sort.direction !== 'desc') throw invalidParameter('sort.direction', 'asc or desc')
  checkWindow(window, sort, settings)
  const makers = await linesMadeBy(settings, owner, options.issuedBy)
  const grants = scope === null ? null : grantsOf(scope, settings)
  const now = settings.now()
  const filters = { now, statuses, name, createdBy, makers, grants, ...instants }
  const page = await settings.store.list({ owner, ...filters, sort, window })
  return { tokens: page.records.map((record) => toToken(record, now)), total: page.total, next: page.next }
}

const INSTANTS = ['createdAfter', 'createdBefore', 'usedAfter', 'unusedSince', 'expiresBefore'] as const

/** In epoch milliseconds. */
function instantsIn(options: ListOptions): Pick<TokenFilters, (typeof INSTANTS)[number]> {
  const given = INSTANTS.flatMap((name): [string, number][] => {
    const date = options[name] ?? null
    if (date === null) return []
    const instant = instantOf(date)
    if (Number.isNaN(instant)) throw invalidParameter(name, 'a valid instant, or null')
    return [[name, instant]]
  })
  return Object.fromEntries(given)
}

function checkWindow(window: TokenWindow, sort: TokenSort, { ids }: Settings): void {
  if (window === 'all') return
  if (!isCount(window.limit) || window.limit === 0) throw invalidParameter('window.limit', 'a positive integer')
  if ('offset' in window && 'after' in window) throw invalidParameter('window', 'by offset or after a place, not both')
  if ('offset' in window) {
    if (!isCount(window.offset)) throw invalidParameter('window.offset', 'an integer from 0')
  } else if (window.after !== null && !isPlace(window.after, sort, ids)) {
    throw invalidParameter('window.after', 'the next of an earlier page of the same sort, or null for the start')
  }
}

/** A text without the shape of an id may be a secret, and does not reach the store. */
function isPlace(place: unknown, { by }: TokenSort, ids: IdFormat): place is Place {
  if (typeof place !== 'object' || place === null || !('id' in place) || !('value' in place)) return false
  const { id, value, ...others } = place
  if (Object.keys(others).length > 0) return false
  return typeof id === 'string' && ids.matches(id) && IS_VALUE[by](value, id)
}

const IS_VALUE: Record<SortField, (value: unknown, id: string) => boolean> = {
  createdAt: (value) => Number.isSafeInteger(value),
  id: (value, id) => value === id,
  lastUsedAt: (value) => value === null || Number.isSafeInteger(value),
  status: (value) => value === 'active' || value === 'suspended' || value === 'revoked',
}

function isStatusList(value: unknown): boolean {
  return Array.isArray(value) && value.every((status) => STATUSES.has(status))
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
