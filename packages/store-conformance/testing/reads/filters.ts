import { nameContains, statusOf, storedStatusOf } from '@tessera/core'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import { deriving, filtering, matching } from './list-rules.ts'

/** A store for which some characters of a name filter stand for others; `null` leaves a character to itself. */
function wildcards(sourceOf: (character: string) => string | null): () => StepsOnStore {
  return matching((name, part) => {
    const sources = [...part].map(sourceOf)
    if (sources.every((source) => source === null)) return nameContains(name, part)
    const escaped = [...part].map((character) => character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&'))
    return new RegExp(escaped.map((literal, number) => sources[number] ?? literal).join(''), 'iu').test(name)
  })
}

export const filters: BrokenStores = {
  'calls a token expired a millisecond late': deriving((record, now) => statusOf(record, now - 1)),
  'calls a token expired a millisecond early': deriving((record, now) => statusOf(record, now + 1)),
  'never calls a token expired': deriving((record) => storedStatusOf(record)),
  'calls what has expired suspended': deriving((record, now) =>
    record.suspendedAt !== null && record.revokedAt === null ? 'suspended' : statusOf(record, now),
  ),
  'calls what was revoked expired': deriving((record, now) =>
    record.expiresAt !== null && now >= record.expiresAt ? 'expired' : statusOf(record, now),
  ),
  'keeps a status that it derived once': () => {
    const expired = new Set<string>()
    return deriving((record, now) => {
      const status = statusOf(record, now)
      if (status === 'expired') expired.add(record.id)
      return status === 'active' && expired.has(record.id) ? 'expired' : status
    })()
  },
  'takes no status for all of them': filtering(
    (record, { statuses, name, now }) =>
      (statuses === null || statuses.length === 0 || statuses.includes(statusOf(record, now))) &&
      (name === null || nameContains(record.name, name)),
  ),
  'goes by the first of several statuses': filtering(
    (record, { statuses, name, now }) =>
      (statuses === null || statuses[0] === statusOf(record, now)) &&
      (name === null || nameContains(record.name, name)),
  ),
  'lists what passes any of the filters': filtering(
    (record, { statuses, name, now }) =>
      (statuses === null && name === null) ||
      (statuses?.includes(statusOf(record, now)) ?? false) ||
      (name !== null && nameContains(record.name, name)),
  ),
  'passes over the creator': broken((store) => ({
    list: (query) => store.list({ ...query, createdBy: null }),
  })),
  'passes over the makers': broken((store) => ({ list: (query) => store.list({ ...query, makers: null }) })),
  'lists what one of the nearest makers made': broken((store) => ({
    async list({ makers = null, ...query }) {
      const page = await store.list(query)
      const made = page.records.filter((record) => makers === null || makers.includes(record.makers[0] ?? ''))
      return { ...page, records: made }
    },
  })),
  'counts in the total what passes no filter': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      const all = await store.list({ ...query, statuses: null, name: null })
      return { ...page, total: all.total }
    },
  })),
  'counts in the total what is on the page': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      return { ...page, total: page.total && page.records.length }
    },
  })),
  'takes % and _ in a name for wildcards': wildcards((character) => ({ '%': '.*', _: '.' })[character] ?? null),
  'takes * and ? in a name for wildcards': wildcards((character) => ({ '*': '.*', '?': '.' })[character] ?? null),
  'takes a backslash in a name for an escape': matching((name, part) => nameContains(name, part.replace(/\\/g, ''))),
  'takes a dot in a name for any character': wildcards((character) => (character === '.' ? '.' : null)),
  'takes a caret and a dollar in a name for its ends': wildcards((character) =>
    /[$^]/.test(character) ? character : null,
  ),
  'finds names from their beginning': matching((name, part) => nameContains(name.slice(0, part.length), part)),
  'finds whole names only': matching((name, part) => nameContains(name, part) && nameContains(part, name)),
  'finds nothing by an empty name': matching((name, part) => part !== '' && nameContains(name, part)),
  'compares names with regard to case': matching((name, part) => name.normalize().includes(part.normalize())),
  'compares names by their ASCII letters': matching((name, part) => {
    const fold = (text: string) => text.normalize().replace(/[a-z]/g, (letter) => letter.toUpperCase())
    return fold(name).includes(fold(part))
  }),
  'compares names in lower case': matching((name, part) =>
    name.normalize().toLowerCase().includes(part.normalize().toLowerCase()),
  ),
  'compares names unit by unit': matching((name, part) => {
    const fold = (text: string) => text.normalize().replace(/./g, (unit) => unit.toUpperCase())
    return fold(name).includes(fold(part))
  }),
  'compares names as they are composed': matching((name, part) => name.toUpperCase().includes(part.toUpperCase())),
}
