import { filterBy } from '@tessera/core'
import type { TokenFilters, TokenRecord } from '@tessera/core'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import type { BrokenStores } from '../broken/broken.ts'
import { filtering } from './list-rules.ts'

type FactName = Exclude<keyof TokenFilters, 'now' | 'statuses' | 'name'>

/** A store with its own reading of one filter. */
function reading<Name extends FactName>(
  name: Name,
  passes: (record: TokenRecord, wanted: NonNullable<TokenFilters[Name]>) => boolean,
): () => StepsOnStore {
  return filtering((record, query) => {
    const wanted: TokenFilters[Name] | null = query[name] ?? null
    return filterBy({ ...query, [name]: null })(record) && (wanted === null || passes(record, wanted))
  })
}

/** A store that passes over one filter. */
function passingOver(name: FactName): () => StepsOnStore {
  return reading(name, () => true)
}

export const facts: BrokenStores = {
  'does not know createdBy': passingOver('createdBy'),
  'does not know makers': passingOver('makers'),
  'does not know grants': passingOver('grants'),
  'does not know createdAfter': passingOver('createdAfter'),
  'does not know createdBefore': passingOver('createdBefore'),
  'does not know usedAfter': passingOver('usedAfter'),
  'does not know unusedSince': passingOver('unusedSince'),
  'does not know expiresBefore': passingOver('expiresBefore'),
  'lists what was created at the instant of createdAfter': reading(
    'createdAfter',
    ({ createdAt }, at) => createdAt >= at,
  ),
  'lists what was created at the instant of createdBefore': reading(
    'createdBefore',
    ({ createdAt }, at) => createdAt <= at,
  ),
  'lists what was used at the instant of usedAfter': reading(
    'usedAfter',
    ({ lastUsedAt }, at) => (lastUsedAt ?? 0) >= at,
  ),
  'takes the creation of what was never used for a use': reading(
    'usedAfter',
    ({ lastUsedAt, createdAt }, at) => (lastUsedAt ?? createdAt) > at,
  ),
  'lists what was used at the instant of unusedSince': reading(
    'unusedSince',
    ({ lastUsedAt, createdAt }, at) => (lastUsedAt ?? createdAt) <= at,
  ),
  'leaves out what was never used': reading(
    'unusedSince',
    ({ lastUsedAt }, at) => lastUsedAt !== null && lastUsedAt < at,
  ),
  'lists what was never used, however new': reading('unusedSince', ({ lastUsedAt }, at) => (lastUsedAt ?? 0) < at),
  'lists what expires at the instant of expiresBefore': reading(
    'expiresBefore',
    ({ expiresAt, expiryCeiling }, at) => Math.min(expiresAt ?? Infinity, expiryCeiling ?? Infinity) <= at,
  ),
  'lists what never expires': reading(
    'expiresBefore',
    ({ expiresAt, expiryCeiling }, at) => Math.min(expiresAt ?? 0, expiryCeiling ?? Infinity) < at,
  ),
  'forgets the ceiling of the line': reading(
    'expiresBefore',
    ({ expiresAt }, at) => expiresAt !== null && expiresAt < at,
  ),
  'wants all of several scopes': reading('grants', ({ scopes }, grants) =>
    grants.every((scope) => scopes.includes(scope)),
  ),
  'finds scopes by their beginning': reading('grants', ({ scopes }, grants) =>
    grants.some((scope) => scopes.some((own) => own.startsWith(scope))),
  ),
  'compares scopes without regard to case': reading('grants', ({ scopes }, grants) =>
    grants.some((scope) => scopes.some((own) => own.toLowerCase() === scope.toLowerCase())),
  ),
  'takes no scope for every one': reading(
    'grants',
    ({ scopes }, grants) => grants.length === 0 || grants.some((scope) => scopes.includes(scope)),
  ),
  'lists what passes one of several facts': filtering((record, query) => {
    const { createdBy = null, grants = null } = query
    if (createdBy === null || grants === null) return filterBy(query)(record)
    const others = filterBy({ ...query, createdBy: null, grants: null })(record)
    return others && (record.createdBy === createdBy || record.scopes.some((scope) => grants.includes(scope)))
  }),
}
