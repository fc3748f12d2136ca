import { forEachOwner } from '../manage/request/each-owner.ts'
import { checkOwner } from '../manage/request/issue-request.ts'
import type { OptionRule } from '../setup/check-options.ts'
import { ownersRule, periodRule } from '../setup/option-rules.ts'
import type { ScheduleOptions } from '../setup/schedule.ts'
import type { Settings } from '../setup/settings.ts'
import { claimNotice, isExpiring, noteGiven } from '../steps/notices/give-notice.ts'
import { pagesOf } from '../store/walk-pages.ts'
import { invalidParameter } from '../token/errors.ts'
import { endOf, toToken } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import { eventToken } from '../observe/token-event.ts'

export interface ExpiringOptions {
  /** How long from now the end of a token is at most. */
  readonly withinMs: number
}

export interface AnnouncingExpiringOptions extends ExpiringOptions, ScheduleOptions {
  /** The owners, asked for again by each run. */
  readonly owners: () => Iterable<string> | AsyncIterable<string>
}

/** The options of {@link AnnouncingExpiringOptions}, but for the schedule's. */
export const announcingExpiringRules: Readonly<Record<string, OptionRule>> = {
  owners: ownersRule,
  withinMs: { ...periodRule, required: true },
}

/** The verb `listExpiring`. */
export async function listExpiringTokens(
  settings: Settings,
  owner: string,
  { withinMs }: ExpiringOptions,
): Promise<readonly Token[]> {
  const now = settings.now()
  const records = await expiringOf(settings, owner, withinMs, now)
  return records.toSorted((a, b) => endOf(a) - endOf(b)).map((record) => toToken(record, now))
}

/** The verb `announceExpiring`. */
export async function announceExpiring(
  settings: Settings,
  owner: string,
  { withinMs }: ExpiringOptions,
): Promise<number> {
  needHook(settings, 'announceExpiring')
  let count = 0
  for (const { id: tokenId } of await expiringOf(settings, owner, withinMs, settings.now())) {
    if (await announceOne(settings, owner, tokenId, withinMs)) count += 1
  }
  return count
}

/** The same for many owners, one after the other: see {@link forEachOwner}. */
export async function announceExpiringOfAll(
  settings: Settings,
  { owners, withinMs }: AnnouncingExpiringOptions,
): Promise<void> {
  await forEachOwner(owners, (owner) => announceExpiring(settings, owner, { withinMs }), settings.onError)
}

/** @throws TypeError if nobody would learn of it */
export function needHook(settings: Settings, verb: string): void {
  if (settings.events() === null) throw new TypeError(`${verb}: needs the option "onEvent" of createTokens`)
}

/** Claims the notice, hands it to the hook, and notes it as given. If the hook fails, the claim lapses. */
async function announceOne(settings: Settings, owner: string, tokenId: string, withinMs: number): Promise<boolean> {
  const { store, now } = settings
  const record = await store.take(owner, claimNotice({ tokenId, at: now(), withinMs }))
  if (record === null) return false
  const { name, createdBy, rotatedTo } = record
  const facts = { ...eventToken(record), name, createdBy, rotatedTo }
  const event = { type: 'expiring', ...facts, endsAt: new Date(endOf(record)), withinMs } as const
  const isGiven = (await settings.events()?.handed(event, { at: now() })) ?? false
  if (isGiven) await store.take(owner, noteGiven({ tokenId, at: now(), withinMs }))
  return isGiven
}

async function expiringOf(
  { store }: Settings,
  owner: string,
  withinMs: number,
  now: number,
): Promise<readonly TokenRecord[]> {
  checkOwner(owner)
  if (!periodRule.test(withinMs)) throw invalidParameter('withinMs', periodRule.right)
  const expiring: TokenRecord[] = []
  for await (const records of pagesOf(store, { owner, now, statuses: ['active', 'suspended'] }))
    expiring.push(...records.filter((record) => isExpiring(record, now, withinMs)))
  return expiring
}
