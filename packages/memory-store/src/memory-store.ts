import { checkRetention, createLeases, endedAt, prefixOfKey, used } from '@tessera/core'
import type { ChangeFeed, Decision, Seen, TokenCache, TokenStore, Wants } from '@tessera/core'
import { createChangeLog } from './change-log.ts'
import { createKeptRequests } from './kept-requests.ts'
import { countActive, withNeighbours } from './owner-index.ts'
import { checkMemoryStoreOptions } from './options.ts'
import type { MemoryStoreOptions } from './options.ts'
import { readPage } from './read-page.ts'
import { createTokenTable } from './token-table.ts'
import { warnInProduction } from './warn-in-production.ts'

/** A store in memory, with the feed needed by a cache in front of it. */
export interface MemoryStore extends TokenStore {
  readonly feed: ChangeFeed
  readonly cache: TokenCache
  /** Always is. */
  ready(): Promise<void>
}

/**
 * A token store in the memory of this process: for tests, and for an app of one process that may lose its tokens at its
 * end. Each method does its work in one turn of the event loop, and so is atomic.
 *
 * Memory grows with the tokens issued. `prune` gives back the memory of revoked and expired ones.
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  checkMemoryStoreOptions(options)
  if (options.inProduction !== true) warnInProduction()
  const { leaseMs } = options
  const table = createTokenTable()
  const requests = createKeptRequests()
  const log = createChangeLog()

  function show(owner: string, { ids, key, keysAt, active }: Wants): Seen {
    const index = table.ofOwner(owner)
    return {
      records: withNeighbours(index, ids),
      kept: key === null ? null : requests.find(owner, key),
      active: active === undefined ? null : countActive(index, active),
      keys: keysAt === undefined ? null : requests.count(owner, prefixOfKey(key ?? ''), keysAt),
    }
  }

  function write(owner: string, { put = [], add = [], keep, announce }: Decision<unknown>): void {
    table.add(add)
    table.put(put)
    if (keep !== undefined) requests.keep(owner, keep)
    if (announce === 'owner') log.append({ owner })
    else for (const digest of announce ?? []) log.append({ digest })
  }

  const change: TokenStore['change'] = async (owner, wants, decide) => {
    const decision = decide(show(owner, wants))
    write(owner, decision)
    return decision.answer
  }
  const find: TokenStore['find'] = async (owner, id) => table.find(owner, id)?.record ?? null
  const findByDigest: TokenStore['findByDigest'] = async (digests) => table.findByDigests(digests)?.record ?? null

  return {
    change: leaseMs === undefined ? change : createLeases(leaseMs).waiting(change),
    findByDigest,
    find,
    findById: async (id) => table.findById(id)?.record ?? null,
    list: async (query) => readPage(table.ofOwner(query.owner), query),
    async recordUse(uses) {
      for (const use of uses) {
        const row = table.find(use.owner, use.id)
        if (row !== null) table.replace(row, used(row.record, use))
      }
    },
    async prune(retention) {
      checkRetention(retention)
      requests.prune(retention.now)
      return table.remove(retention.prefixes, (record) => endedAt(record) < retention.endedBefore)
    },
    feed: leaseMs === undefined ? log.feed : leasing(log.feed, leaseMs),
    ready: async () => {},
    cache: {
      answersFor: findByDigest,
      has: (digests) => table.findByDigests(digests) !== null,
      find: table.findByDigests,
      findToken: find,
    },
  }
}

/** No other process has a longer lease. */
function leasing(feed: ChangeFeed, leaseMs: number): ChangeFeed {
  return { ...feed, leasedChangesSince: async (revision) => ({ ...(await feed.changesSince(revision)), leaseMs }) }
}
