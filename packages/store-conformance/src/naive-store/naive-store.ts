import type { ChangeFeed, TokenRecord, TokenStore } from '@tessera/core'
import { announce, changesSince, newestRevision } from './changes.ts'
import { decideInsert, keepInserted } from './insert.ts'
import { listRecords } from './list.ts'
import { isToken, naiveState, write } from './state.ts'
import type { NaiveState } from './state.ts'

/** The facts about a token that a change of its standing sets; `null` where it sets none. */
type Change = (record: TokenRecord) => Partial<TokenRecord> | null

/** The contract in its shortest words, without any thought for speed: what other stores are compared with. */
export function naiveStore(state: NaiveState = naiveState()): TokenStore & { readonly changes: ChangeFeed } {
  const find = (owner: string, id: string) => state.records.find(isToken(owner, id)) ?? null

  function change(owner: string, id: string, factsOf: Change): TokenRecord | null {
    const record = find(owner, id)
    const facts = record && factsOf(record)
    if (record === null || facts === null) return record
    write(state, { ...record, ...facts })
    announce(state, record.digest)
    return find(owner, id)
  }

  return {
    async insert(record, conditions) {
      const decision = decideInsert(state, record, conditions)
      if (decision.outcome === 'inserted') keepInserted(state, record, conditions)
      return decision
    },
    findByDigest: async (digests) => state.records.find(({ digest }) => digests.includes(digest)) ?? null,
    find: async (owner, id) => find(owner, id),
    list: async (query) => listRecords(state.records, query),
    revoke: async (owner, id, at) =>
      change(owner, id, ({ revokedAt }) => (revokedAt === null ? { revokedAt: at, updatedAt: at } : null)),
    suspend: async (owner, id, at) =>
      change(owner, id, ({ revokedAt, suspendedAt }) =>
        revokedAt === null && suspendedAt === null ? { suspendedAt: at, updatedAt: at } : null,
      ),
    resume: async (owner, id, at) =>
      change(owner, id, ({ revokedAt, suspendedAt }) =>
        revokedAt === null && suspendedAt !== null ? { suspendedAt: null, updatedAt: at } : null,
      ),
    async recordUse(uses) {
      for (const { owner, id, at } of uses) {
        const record = find(owner, id)
        if (record !== null && at > (record.lastUsedAt ?? -1)) write(state, { ...record, lastUsedAt: at })
      }
    },
    async rekey(owner, id, digest) {
      change(owner, id, (record) => (record.digest === digest ? null : { digest }))
    },
    async prune(before) {
      const former = state.records
      state.records = former.filter(({ revokedAt, expiresAt }) =>
        [revokedAt, expiresAt].every((end) => end === null || end >= before),
      )
      state.requests = state.requests.filter(({ expiresAt }) => expiresAt > before)
      return former.length - state.records.length
    },
    changes: {
      revision: async () => newestRevision(state),
      changesSince: async (revision) => changesSince(state, revision),
    },
  }
}
