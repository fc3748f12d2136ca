import type { GuardedStore } from '../setup/guard-store.ts'
import { isOpened, revokeOpened } from '../steps/revoke-line.ts'
import type { LeakedLine } from '../steps/revoke-line.ts'
import { TokenError } from '../token/errors.ts'
import { lineInPlaceOfMakers } from '../token/makers.ts'
import type { TokenRecord } from '../token/token.ts'
import { pagesOf } from '../store/walk-pages.ts'

const MOST_WALKS = 20

/**
 * Revokes all tokens of the owner that a leaked secret opens, in bounded steps. Resolves once all are revoked and
 * announced, tokens rotated or issued meanwhile included.
 *
 * A member may have been pruned, so links do not reach the rest: the owner's tokens are walked. A token made meanwhile may
 * lie behind the walk, so its maker's link is followed, and the walk is repeated until it finds nothing to revoke.
 *
 * @returns The ids of all tokens of the line that are revoked as leaked, by this call or before.
 * @throws TokenError `invalid_transition` if others kept adding tokens
 */
export async function revokeLine(
  store: Pick<GuardedStore, 'take' | 'list'>,
  owner: string,
  line: Omit<LeakedLine, 'further'>,
): Promise<ReadonlySet<string>> {
  const ended = new Set<string>()
  const further: string[] = []
  const leaked: LeakedLine = { ...line, further }

  /** What a token issued comes after it, by creation. */
  function isOpenedByNow(record: TokenRecord): boolean {
    if (!isOpened(record, leaked)) return false
    const next = lineInPlaceOfMakers(record)
    if (next !== null && !further.includes(next)) further.push(next)
    return true
  }

  async function revokeAll(ids: readonly string[]): Promise<number> {
    let count = 0
    for (let some = ids; some.length > 0; ) {
      const step = await store.take(owner, revokeOpened(some, leaked))
      for (const { id } of step.ended) ended.add(id)
      count += step.ended.length
      some = step.next
    }
    return count
  }

  for (let walk = 1; walk <= MOST_WALKS; walk += 1) {
    let count = 0
    const known = further.length
    for await (const records of pagesOf(store, { owner, now: leaked.at })) {
      const opened = records.filter(isOpenedByNow)
      for (const { id, revokedReason } of opened) if (revokedReason === 'leaked') ended.add(id)
      const links = opened.flatMap(({ rotatedTo }) => rotatedTo ?? [])
      const open = opened.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id)
      const shown = new Set(records.map(({ id }) => id))
      count += await revokeAll([...open, ...links.filter((id) => !shown.has(id))])
    }
    if (count === 0 && further.length === known) return ended
  }
  throw new TokenError('invalid_transition', 'others kept making tokens of the line at the same time')
}
