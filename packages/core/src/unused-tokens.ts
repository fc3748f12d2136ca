import { isFunction } from './check-options.ts'
import type { OptionRule } from './check-options.ts'
import { invalidParameter } from './errors.ts'
import { checkOwner } from './issue-request.ts'
import { wholeNumber } from './option-rules.ts'
import type { Place, TokenPage } from './query.ts'
import { WRITTEN_WITHIN_MS } from './record-use.ts'
import type { UseRecorder } from './record-use.ts'
import type { ScheduleOptions } from './schedule.ts'
import type { Settings } from './settings.ts'
import { isLine } from './text.ts'
import type { ActedBy } from './token-event.ts'
import { toToken } from './token.ts'
import type { Token } from './token.ts'

export interface UnusedOptions {
  /** How long nobody used a token; since it was issued, where nobody ever did. */
  readonly unusedForMs: number
}

export interface RevokeUnusedOptions extends UnusedOptions, ActedBy {}

export interface RevokingUnusedOptions extends RevokeUnusedOptions, ScheduleOptions {
  /** Whose tokens, asked for anew by each run. */
  readonly owners: () => Iterable<string> | AsyncIterable<string>
}

const DAY_MS = 24 * 60 * 60 * 1000
const PAGE = 100

/** Up to a hundred years. */
const periodRule = wholeNumber(1, 36_500 * DAY_MS, 'milliseconds')

/** The options of {@link RevokingUnusedOptions}, but for the schedule's. */
export const revokingUnusedRules: Readonly<Record<string, OptionRule>> = {
  owners: { right: 'a function that returns owners', test: isFunction, required: true },
  unusedForMs: { ...periodRule, required: true },
  by: { right: 'a text, or null', test: (value) => value === null || isLine(value) },
}

/**
 * Those of the owner's tokens that `revokeUnused` would revoke at this moment, oldest first, whatever else their status.
 *
 * @throws TokenError `invalid_parameter`
 * @throws StoreError when the store did not answer
 */
export async function listUnusedTokens(
  settings: Settings,
  uses: UseRecorder,
  owner: string,
  options: UnusedOptions,
): Promise<readonly Token[]> {
  checkOwner(owner)
  const before = unusedSince(settings, options)
  await uses.flush()
  const now = settings.now()
  const unused: Token[] = []
  // By creation, which moves no row while it is walked.
  const query = { owner, now, statuses: NOT_REVOKED, name: null, sort: { by: 'createdAt', direction: 'asc' } } as const
  let after: Place | null = null
  do {
    const page: TokenPage = await settings.store.list({ ...query, window: { after, limit: PAGE } })
    const found = page.records.filter(({ lastUsedAt, createdAt }) => (lastUsedAt ?? createdAt) < before)
    unused.push(...found.map((record) => toToken(record, now)))
    after = page.next
  } while (after !== null)
  return unused
}

/**
 * Revokes those of the owner's tokens that nobody used for a time, with reason `expired_unused`, suspended and expired ones
 * too. Repeating it, in any number of processes at once, revokes nothing that is in use.
 *
 * A use is recorded up to `recordUseEveryMs` late, and that of a process that was killed not at all: a token is given so
 * much longer. What this process knows of uses is written first. A use that another one accepted in the last second, or
 * could not write, counts as none: like any verification that overlaps a revocation, it may go either way.
 *
 * @returns How many tokens this call revoked.
 * @throws TokenError `invalid_parameter`
 * @throws StoreError when the store did not confirm: some may be revoked, and repeating the call revokes the rest
 */
export async function revokeUnusedTokens(
  settings: Settings,
  uses: UseRecorder,
  owner: string,
  options: RevokeUnusedOptions,
): Promise<number> {
  checkOwner(owner)
  unusedSince(settings, options)
  await uses.flush()
  return revokeUnusedOf(settings, owner, options)
}

/** The same for many owners, one after the other, until one fails. */
export async function revokeUnusedOfAll(
  settings: Settings,
  uses: UseRecorder,
  { owners, ...options }: RevokingUnusedOptions,
): Promise<void> {
  await uses.flush()
  for await (const owner of owners()) {
    checkOwner(owner)
    await revokeUnusedOf(settings, owner, options)
  }
}

async function revokeUnusedOf(settings: Settings, owner: string, options: RevokeUnusedOptions): Promise<number> {
  const at = settings.now()
  const reason = 'expired_unused'
  const all = await settings.store.revokeAll(owner, {
    ...{ at, reason, idempotency: null, exceptId: null, issuedBefore: null, scope: null },
    lastUsedBefore: unusedSince(settings, options),
  })
  // Without a key every answer is of this call.
  const count = 'revoked' in all ? all.revoked : 0
  const facts = { owner, by: options.by ?? null, reason, count, replayed: false } as const
  if (count > 0) settings.events?.emit({ type: 'revoked_all', at: new Date(at), ...facts })
  return count
}

const NOT_REVOKED = ['active', 'suspended', 'expired'] as const

/** Exclusive: tokens were last used before this instant. */
function unusedSince({ now, recordUseEveryMs }: Settings, { unusedForMs }: UnusedOptions): number {
  if (!periodRule.test(unusedForMs)) throw invalidParameter('unusedForMs', periodRule.right)
  return now() - unusedForMs - recordUseEveryMs - WRITTEN_WITHIN_MS
}
