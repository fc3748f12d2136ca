import { actorIn } from '../observe/token-event.ts'
import type { ActedBy } from '../observe/token-event.ts'
import { isBoolean } from '../setup/check-options.ts'
import type { OptionRule } from '../setup/check-options.ts'
import { actorRule, ownersRule, periodRule } from '../setup/option-rules.ts'
import type { ScheduleOptions } from '../setup/schedule.ts'
import type { Settings } from '../setup/settings.ts'
import { pagesOf } from '../store/walk-pages.ts'
import { TokenError, invalidParameter } from '../token/errors.ts'
import { toToken } from '../token/token.ts'
import type { Token } from '../token/token.ts'
import { WRITTEN_WITHIN_MS } from '../verify/uses/record-use.ts'
import type { UseRecorder } from '../verify/uses/record-use.ts'
import { forEachOwner } from './request/each-owner.ts'
import { checkOwner } from './request/issue-request.ts'
import { storeOf } from './request/take-step.ts'
import { revokeMany } from './revoke-many.ts'

export interface UnusedOptions {
  /** How long nobody used a token; counted from its issue if nobody ever did. */
  readonly unusedForMs: number
}

export interface RevokeUnusedOptions extends UnusedOptions, ActedBy {
  /**
   * Revokes also if the store has no use of any of the owner's tokens. That may mean that nobody used one, or that uses
   * are not recorded. Default false.
   */
  readonly evenIfNoneWasUsed?: boolean | undefined
}

export interface RevokingUnusedOptions extends Omit<RevokeUnusedOptions, 'actor' | 'context'>, ScheduleOptions {
  /** The owners, asked for again by each run. */
  readonly owners: () => Iterable<string> | AsyncIterable<string>
}

/** The options of {@link RevokingUnusedOptions}, but for the schedule's. */
export const revokingUnusedRules: Readonly<Record<string, OptionRule>> = {
  owners: ownersRule,
  unusedForMs: { ...periodRule, required: true },
  by: actorRule,
  evenIfNoneWasUsed: { right: 'a boolean', test: isBoolean },
}

/** The verb `listUnused`. */
export async function listUnusedTokens(
  settings: Settings,
  uses: UseRecorder,
  owner: string,
  options: UnusedOptions,
): Promise<readonly Token[]> {
  checkOwner(owner)
  unusedSince(settings, options)
  await uses.flush()
  return unusedOf(settings, owner, options)
}

async function unusedOf(settings: Settings, owner: string, options: UnusedOptions): Promise<readonly Token[]> {
  const before = unusedSince(settings, options)
  const now = settings.now()
  const unused: Token[] = []
  for await (const records of pagesOf(settings.store, { owner, now, statuses: NOT_REVOKED }, PAGE)) {
    const found = records.filter(({ lastUsedAt, createdAt }) => (lastUsedAt ?? createdAt) < before)
    unused.push(...found.map((record) => toToken(record, now)))
  }
  return unused
}

/** The verb `revokeUnused`. */
export async function revokeUnusedTokens(
  settings: Settings,
  uses: UseRecorder,
  owner: string,
  options: RevokeUnusedOptions,
): Promise<number> {
  checkOwner(owner)
  unusedSince(settings, options)
  const { evenIfNoneWasUsed } = options
  if (evenIfNoneWasUsed !== undefined && !isBoolean(evenIfNoneWasUsed))
    throw invalidParameter('evenIfNoneWasUsed', 'a boolean')
  await uses.flush()
  return revokeUnusedOf(settings, owner, options)
}

/** The same for many owners, one after the other: see {@link forEachOwner}. */
export async function revokeUnusedOfAll(
  settings: Settings,
  uses: UseRecorder,
  { owners, ...options }: RevokingUnusedOptions,
): Promise<void> {
  await uses.flush()
  await forEachOwner(owners, (owner) => revokeUnusedOf(settings, owner, options), settings.onError)
}

/** @throws TokenError if none may be called unused, see {@link mayBeUnused} */
async function revokeUnusedOf(settings: Settings, owner: string, options: RevokeUnusedOptions): Promise<number> {
  if (options.evenIfNoneWasUsed !== true && !(await mayBeUnused(settings, owner, options))) throw noUseRecorded(owner)
  const at = settings.now()
  const reason = 'expired_unused'
  const lastUsedBefore = unusedSince(settings, options)
  const all = await revokeMany(storeOf(settings, options, at), owner, {
    ...{ at, reason, idempotency: null, exceptId: null, issuedBefore: null, scope: null },
    ...{ lastUsedBefore, last: options.actor?.id },
  })
  // Without a key every answer is of this call.
  const count = 'revoked' in all ? all.revoked : 0
  const unset = { exceptId: null, scope: null, createdBy: null, issuedBy: null, issuedBefore: null }
  const selected = { owner, ...unset, lastUsedBefore: new Date(lastUsedBefore) }
  const event = { type: 'revoked_all', ...selected, reason, count, replayed: false } as const
  if (count > 0) settings.events()?.emit(event, { ...actorIn(options), at })
  return count
}

/** Whether tokens without a recorded use may be called unused: if a use of the owner's tokens was ever recorded. */
async function mayBeUnused(settings: Settings, owner: string, options: UnusedOptions): Promise<boolean> {
  const sort = { by: 'lastUsedAt', direction: 'desc' } as const
  const query = { owner, now: settings.now(), statuses: null, name: null, sort, window: { offset: 0, limit: 1 } }
  const [latest] = (await settings.store.list(query)).records
  return (latest?.lastUsedAt ?? null) !== null || (await unusedOf(settings, owner, options)).length === 0
}

function noUseRecorded(owner: string): TokenError {
  const why = `no use of a token of ${owner} was ever recorded, so uses may be lost, and none is revoked as unused`
  return new TokenError('no_use_recorded', `${why}; see that uses are recorded, or set "evenIfNoneWasUsed"`)
}

const PAGE = 100
const NOT_REVOKED = ['active', 'suspended', 'expired'] as const

/** Exclusive: tokens were last used before this instant. */
function unusedSince({ now, recordUseEveryMs }: Settings, { unusedForMs }: UnusedOptions): number {
  if (!periodRule.test(unusedForMs)) throw invalidParameter('unusedForMs', periodRule.right)
  return now() - unusedForMs - recordUseEveryMs - WRITTEN_WITHIN_MS
}
