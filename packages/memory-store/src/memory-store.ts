import { asOf, checkRetention, isPendingSuccessor, statusOf } from '@tessera/core'
import type {
  BulkRevocation,
  Change,
  ChangeOutcome,
  Held,
  InsertConditions,
  InsertOutcome,
  RevokeAllOutcome,
  RotateOutcome,
  Rotation,
  TokenRecord,
  TokenStore,
} from '@tessera/core'
import { createChangeLog } from './change-log.ts'
import { createKeptRequests } from './kept-requests.ts'
import { countActive } from './owner-index.ts'
import type { Row } from './owner-index.ts'
import { readPage } from './read-page.ts'
import { createTokenTable } from './token-table.ts'
import { completed, edited, hadEnded, isMeant, resumed, revoked, rotated, suspended, used } from './transitions.ts'
import type { Transition } from './transitions.ts'

/**
 * A token store in the memory of this process, for tests and for an app that runs as one process and may forget its
 * tokens when it ends. Each method does its work in one turn of the event loop, which makes it atomic.
 *
 * Memory grows with the tokens issued; `prune` gives back what revoked and expired ones take.
 */
export function memoryStore(): TokenStore {
  const table = createTokenTable()
  const requests = createKeptRequests()
  const log = createChangeLog()

  function insert(record: TokenRecord, { now, activeLimit, idempotency }: InsertConditions): InsertOutcome {
    const { owner, id } = record
    const answer = requests.decideForToken(owner, idempotency, now)
    if (answer !== null) return answer
    const index = table.ofOwner(owner)
    if (index.rows.has(id)) return { outcome: 'id_taken' }
    const active = countActive(index, now)
    if (activeLimit !== null && active >= activeLimit) return { outcome: 'limit_reached', active }
    table.add(record)
    requests.keep(owner, idempotency, { record })
    return { outcome: 'inserted' }
  }

  /** Puts a later state in a token's place and tells of it. */
  function write(row: Row, record: TokenRecord): void {
    const former = row.record
    if (record === former) return
    table.replace(row, record)
    log.append(former.digest)
  }

  function change<Wish extends Change>(
    owner: string,
    id: string,
    wish: Wish,
    transition: Transition<Wish>,
  ): ChangeOutcome {
    const answer = requests.decideForToken(owner, wish.idempotency, wish.at)
    if (answer !== null) return answer
    const row = table.find(owner, id)
    if (row === null) return { outcome: 'not_found' }
    const record = transition(row.record, wish)
    if (record === 'not_allowed' || record === 'outdated') return { outcome: record, record: row.record }
    write(row, record)
    requests.keep(owner, wish.idempotency, { record })
    return { outcome: 'done', record }
  }

  function revokeAll(owner: string, selection: BulkRevocation): RevokeAllOutcome {
    const answer = requests.decideForMany(owner, selection.idempotency, selection.at)
    if (answer !== null) return answer
    const digests: string[] = []
    let count = 0
    for (const row of table.ofOwner(owner).rows.values()) {
      if (!isMeant(row.record, selection)) continue
      if (asOf(row.record, selection.at).revokedAt === null) count += 1
      digests.push(row.record.digest)
      table.replace(row, revoked(row.record, selection))
    }
    log.appendBulk(owner, digests)
    requests.keep(owner, selection.idempotency, { revoked: count })
    return { outcome: 'done', revoked: count }
  }

  function rotate(owner: string, id: string, rotation: Rotation): RotateOutcome {
    const { at, idempotency } = rotation
    const answer = requests.decideForToken(owner, idempotency, at)
    if (answer !== null) return answer
    const row = table.find(owner, id)
    if (row === null) return { outcome: 'not_found' }
    const former = row.record
    if (statusOf(former, at) !== 'active') return { outcome: 'not_allowed', record: former }
    if (former.rotatedTo !== null) {
      const known = table.find(owner, former.rotatedTo)
      return { outcome: 'already_rotated', record: former, successor: known && known.record }
    }
    if (table.find(owner, rotation.successor.id) !== null) return { outcome: 'id_taken' }
    const [record, successor] = rotated(former, rotation)
    table.add(successor)
    revokePredecessor(former, at)
    write(row, record)
    requests.keep(owner, idempotency, { record: successor })
    return { outcome: 'rotated', record, successor }
  }

  function completeRotation(owner: string, id: string, at: number): TokenRecord | null {
    const row = table.find(owner, id)
    if (row === null) return null
    revokePredecessor(row.record, at)
    write(row, completed(row.record))
    return row.record
  }

  /** Revokes the token that a pending successor takes the place of. */
  function revokePredecessor(successor: TokenRecord, at: number): void {
    const { owner, rotatedFrom } = successor
    if (rotatedFrom === null || !isPendingSuccessor(successor)) return
    const row = table.find(owner, rotatedFrom)
    if (row !== null) write(row, revoked(row.record, { at, reason: 'rotated' }))
  }

  const held: Held = {
    has: (digests) => table.findByDigests(digests) !== null,
    find: table.findByDigests,
  }
  async function findByDigest(digests: readonly string[]): Promise<TokenRecord | null> {
    return table.findByDigests(digests)?.record ?? null
  }

  return {
    insert: async (record, conditions) => insert(record, conditions),
    findRequest: async (owner, request, now) => requests.find(owner, request, now),
    findByDigest: Object.assign(findByDigest, { held }),
    find: async (owner, id) => table.find(owner, id)?.record ?? null,
    list: async (query) => readPage(table.ofOwner(query.owner), query),
    revoke: async (owner, id, revocation) => change(owner, id, revocation, revoked),
    revokeAll: async (owner, selection) => revokeAll(owner, selection),
    suspend: async (owner, id, wish) => change(owner, id, wish, suspended),
    resume: async (owner, id, wish) => change(owner, id, wish, resumed),
    edit: async (owner, id, edit) => change(owner, id, edit, edited),
    rotate: async (owner, id, rotation) => rotate(owner, id, rotation),
    completeRotation: async (owner, id, at) => completeRotation(owner, id, at),
    async recordUse(uses) {
      for (const use of uses) {
        const row = table.find(use.owner, use.id)
        if (row !== null) table.replace(row, used(row.record, use))
      }
    },
    async rekey(owner, id, digest) {
      const row = table.find(owner, id)
      if (row !== null && row.record.digest !== digest) write(row, { ...row.record, digest })
    },
    async prune(retention) {
      checkRetention(retention)
      requests.prune(retention.now)
      return table.remove((record) => hadEnded(record, retention.endedBefore))
    },
    changes: log.feed,
  }
}
