import { checkOwner } from '../manage/request/issue-request.ts'
import { wholeNumber } from '../setup/option-rules.ts'
import type { Settings } from '../setup/settings.ts'
import { dayOf, lastAsked } from '../steps/asked/asked-scopes.ts'
import type { AskedScopes } from '../steps/asked/asked-scopes.ts'
import { LOST_OWNER, showAsked, showLost } from '../steps/asked/note-asked.ts'
import { pagesOf } from '../store/walk-pages.ts'
import { DAY_MS } from '../token/day.ts'
import { invalidParameter } from '../token/errors.ts'
import { missingScopes } from '../token/scope.ts'
import { toToken } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import type { AskRecorder } from '../verify/uses/record-asked.ts'

export interface ReportOptions {
  /** How many days to look back, 1 to 365. Default 90. */
  readonly days?: number | undefined
  /** Only the token with this id. */
  readonly id?: string | undefined
}

/** A scope, and the last day on which it was asked of the token. */
export interface ScopeReport {
  readonly scope: string
  /** In UTC: `2026-11-28`; `null` if it was not asked since the recording began. */
  readonly lastAskedOn: string | null
}

/** The scopes of one token: granted, asked and not asked. */
export interface TokenReport {
  readonly token: Token
  /** The start of the recording for this token; `null` if nothing was recorded. */
  readonly since: Date | null
  /** The granted ones, in their order. A wildcard was asked if a scope under it was. */
  readonly granted: readonly ScopeReport[]
  /** Those asked of the token that it does not hold. */
  readonly refused: readonly ScopeReport[]
  /** Granted, and not asked within the days; `null` if that is not known, since not all of that time was recorded. */
  readonly unasked: readonly string[] | null
}

const daysRule = wholeNumber(1, 365, 'days')

/** The verb `report`. */
export async function reportTokens(
  settings: Settings,
  asks: AskRecorder | null,
  owner: string,
  { days = 90, id }: ReportOptions,
): Promise<readonly TokenReport[]> {
  checkOwner(owner)
  if (!daysRule.test(days)) throw invalidParameter('days', daysRule.right)
  await asks?.flush()
  const { store, now } = settings
  const at = now()
  const lost = (await store.take(LOST_OWNER, showLost(at)))?.unknownOn ?? null
  const window = { at, from: at - days * DAY_MS, lost }
  const reports: TokenReport[] = []
  for await (const records of reported(settings, owner, id, at))
    reports.push(...(await Promise.all(records.map((record) => reportOf(settings, record, window)))))
  return reports
}

interface Window {
  readonly at: number
  /** Its start, in epoch milliseconds. */
  readonly from: number
  /** The last day on which asks were lost. */
  readonly lost: number | null
}

/** Those that can be used, or resumed. */
async function* reported(
  { store, ids }: Settings,
  owner: string,
  id: string | undefined,
  now: number,
): AsyncGenerator<readonly TokenRecord[], void> {
  if (id === undefined) return yield* pagesOf(store, { owner, now, statuses: ['active', 'suspended'] }, 100)
  const record = ids.matches(id) ? await store.find(owner, id) : null
  yield record === null ? [] : [record]
}

async function reportOf(settings: Settings, record: TokenRecord, window: Window): Promise<TokenReport> {
  const asked = await settings.store.take(record.owner, showAsked(record.id, window.at))
  const token = toToken(record, window.at)
  const notKnown = token.scopes.map((scope) => ({ scope, lastAskedOn: null }))
  if (asked === null) return { token, since: null, granted: notKnown, refused: [], unasked: null }
  const granted = token.scopes.map((scope) => ({ scope, day: lastAsked(scope, asked, settings) }))
  const isKnown = isWhole(asked, window)
  return {
    token,
    since: new Date(asked.since),
    granted: granted.map(({ scope, day }) => ({ scope, lastAskedOn: textOf(day) })),
    refused: missingScopes(token.scopes, [...asked.scopes.keys()], settings).map((scope) => ({
      scope,
      lastAskedOn: textOf(asked.scopes.get(scope) ?? null),
    })),
    unasked: isKnown ? granted.filter(({ day }) => !isWithin(day, window)).map(({ scope }) => scope) : null,
  }
}

/** Whether all that was asked within the window is known. */
function isWhole({ since, unknownOn }: AskedScopes, window: Window): boolean {
  return since <= window.from && !isWithin(unknownOn, window) && !isWithin(window.lost, window)
}

/** Whether some of the day is within the window. */
function isWithin(day: number | null, { from }: Window): boolean {
  return day !== null && day >= dayOf(from)
}

function textOf(day: number | null): string | null {
  return day === null ? null : new Date(day * DAY_MS).toISOString().slice(0, 10)
}
