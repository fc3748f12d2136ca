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
    const kept = idempotency === null ? null : requests.find(record.owner, idempotency.key, now)
    if (kept !== null) {
      const equal = kept.fingerprint === idempotency?.fingerprint
      return equal ? { outcome: 'replayed', record: kept.record } : { outcome: 'idempotency_conflict' }
    }
    const index = owners.get(record.owner) ?? createOwnerIndex()
    if (index.rows.has(record.id)) return { outcome: 'id_taken' }
    const active = countActive(index, now)
    if (activeLimit !== null && active >= activeLimit) return { outcome: 'limit_reached', active }
    const row = { record }
    addRow(index, row)
    owners.set(record.owner, index)
    byDigest.set(record.digest, row)
    if (idempotency !== null) requests.keep(idempotency, record)
    return { outcome: 'inserted' }
  }

  /** Replaces a token's record by the one that `change` makes of it; the same one stands for no change. */
  function update(
    owner: string,
    id: string,
    change: (record: TokenRecord) => TokenRecord,
    onChange: (row: Row, former: TokenRecord) => void = () => {},
  ): TokenRecord | null {
    const index = owners.get(owner)
    const row = index?.rows.get(id)
    if (index === undefined || row === undefined) return null
    const former = row.record
    const changed = change(former)
    if (changed !== former) {
      replaceRecord(index, row, changed)
      onChange(row, former)
    }
    return changed
  }

  function announce(_row: Row, former: TokenRecord): void {
    log.append(former.digest)
  }

  function moveDigest(row: Row, former: TokenRecord): void {
    byDigest.delete(former.digest)
    byDigest.set(row.record.digest, row)
    announce(row, former)
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
