import type { InsertConditions, InsertOutcome, TokenRecord, TokenStore } from '@tessera/core'
import { createChangeLog } from './change-log.ts'
import { createKeptRequests } from './kept-requests.ts'
import { addRow, countActive, createOwnerIndex, removeRows, replaceRecord } from './owner-index.ts'
import type { OwnerIndex, Row } from './owner-index.ts'
import { readPage } from './read-page.ts'
import { hadEnded, resumed, revoked, suspended, used } from './transitions.ts'

/**
 * A token store in the memory of this process, for tests and for an app that runs as one process and may forget its
 * tokens when it ends. Each method does its work in one turn of the event loop, which makes it atomic.
 *
 * Memory grows with the tokens issued; `prune` gives back what revoked and expired ones take.
 */
export function memoryStore(): TokenStore {
  const owners = new Map<string, OwnerIndex>()
  const byDigest = new Map<string, Row>()
  const requests = createKeptRequests()
  const log = createChangeLog()

  function insert(record: TokenRecord, { now, activeLimit, idempotency }: InsertConditions): InsertOutcome {
    const answer = idempotency && requests.answer(record.owner, idempotency, now)
    if (answer !== null) return answer
    const index = owners.get(record.owner) ?? createOwnerIndex()
    if (index.rows.has(record.id)) return { outcome: 'id_taken' }
    const active = countActive(index, now)
    if (activeLimit !== null && active >= activeLimit) return { outcome: 'limit_reached', active }
    if (byDigest.has(record.digest)) throw new Error('memoryStore: another token is kept under this digest')
    const row = { record }
    addRow(index, row)
    owners.set(record.owner, index)
    byDigest.set(record.digest, row)
    if (idempotency !== null) requests.keep(idempotency, record)
    return { outcome: 'inserted' }
  }

  /** Puts what `change` makes of a token's record in its place. */
  function update(
    owner: string,
    id: string,
    change: (record: TokenRecord) => TokenRecord,
    onChange: (former: TokenRecord, row: Row) => void = () => {},
  ): TokenRecord | null {
    const index = owners.get(owner)
    const row = index?.rows.get(id)
    if (index === undefined || row === undefined) return null
    const former = row.record
    const changed = change(former)
    if (changed === former) return former
    replaceRecord(index, row, changed)
    onChange(former, row)
    return changed
  }

  function announce({ digest }: TokenRecord): void {
    log.append(digest)
  }

  function moveDigest(former: TokenRecord, row: Row): void {
    byDigest.delete(former.digest)
    byDigest.set(row.record.digest, row)
    announce(former)
  }

  function prune(before: number): number {
    let removed = 0
    for (const [owner, index] of owners) {
      for (const { record } of removeRows(index, (candidate) => hadEnded(candidate, before))) {
        byDigest.delete(record.digest)
        removed += 1
      }
      if (index.rows.size === 0) owners.delete(owner)
    }
    requests.prune(before)
    return removed
  }

  return {
    insert: async (record, conditions) => insert(record, conditions),
    async findByDigest(digests) {
      for (const digest of digests) {
        const row = byDigest.get(digest)
        if (row !== undefined) return row.record
      }
      return null
    },
    find: async (owner, id) => owners.get(owner)?.rows.get(id)?.record ?? null,
    list: async (query) => readPage(owners.get(query.owner) ?? createOwnerIndex(), query),
    revoke: async (owner, id, at) => update(owner, id, (record) => revoked(record, at), announce),
    suspend: async (owner, id, at) => update(owner, id, (record) => suspended(record, at), announce),
    resume: async (owner, id, at) => update(owner, id, (record) => resumed(record, at), announce),
    async recordUse(uses) {
      for (const { owner, id, at } of uses) update(owner, id, (record) => used(record, at))
    },
    async rekey(owner, id, digest) {
      update(owner, id, (record) => (record.digest === digest ? record : { ...record, digest }), moveDigest)
    },
    prune: async (before) => prune(before),
    changes: log.feed,
  }
}
