import type { Settings } from '../../setup/settings.ts'
import type { TokenQuery } from '../../store/query.ts'
import { invalidParameter } from '../../token/errors.ts'
import { isNamedByAll, lineInPlaceOfMakers } from '../../token/makers.ts'
import type { TokenRecord } from '../../token/token.ts'
import { pagesOf } from '../../store/walk-pages.ts'

/**
 * The lines to look for among the makers of tokens: that of the token, and those of tokens so far from it that what they
 * make does not name its line any more. Only a pruned token, or one with many makers, costs a walk over the owner's tokens.
 *
 * @returns `null` without a token.
 * @throws TokenError `invalid_parameter`
 */
export async function linesMadeBy(
  settings: Settings,
  owner: string,
  id: string | null | undefined,
): Promise<readonly string[] | null> {
  if (id === null || id === undefined) return null
  if (typeof id !== 'string' || !settings.ids.matches(id)) throw invalidParameter('issuedBy', 'the id of a token')
  const token = await settings.store.find(owner, id)
  if (token !== null && isNamedByAll(token)) return [token.line]
  const lines = [token?.line ?? (await lineOfPruned(settings, owner, id))]
  for (let known = 0; known < lines.length; ) {
    const makers = lines.slice(known)
    known = lines.length
    for await (const record of everyToken(settings, owner, { makers })) {
      const line = lineInPlaceOfMakers(record)
      if (line !== null && !lines.includes(line)) lines.push(line)
    }
  }
  return lines
}

/** The line of a pruned token, by what it made or what it was rotated to. */
async function lineOfPruned(settings: Settings, owner: string, id: string): Promise<string> {
  for await (const record of everyToken(settings, owner)) {
    if (record.issuedBy === id) return record.makers[0] ?? id
    if (record.rotatedFrom === id || record.rotatedTo === id) return record.line
  }
  return id
}

async function* everyToken(
  { store, now }: Settings,
  owner: string,
  filter: Pick<TokenQuery, 'makers'> = {},
): AsyncGenerator<TokenRecord, void> {
  for await (const records of pagesOf(store, { owner, now: now(), ...filter })) yield* records
}
