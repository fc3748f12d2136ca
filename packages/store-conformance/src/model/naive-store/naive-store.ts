import { asOf } from '@tessera/core'
import type { BulkRevocation, Change, ChangeFeed, InsufficientScope, TokenRecord } from '@tessera/core'
import { USUAL } from '../../steps/steps-on.ts'
import type { ChangeAnswer, StepsOnStore } from '../../steps/steps-on.ts'
import { factsOfEdit, factsOfResume, factsOfRevoke, factsOfSuspend, factsOfUse } from './changes-of-one.ts'
import type { Facts } from './changes-of-one.ts'
import { announce, announceBulk, changesSince, newestRevision } from './changes.ts'
import { activeOf, decideInsert, keepInserted } from './insert.ts'
import { listRecords } from './list.ts'
import { answerForToken, decideForMany, decideForToken, keepRequest } from './requests.ts'
import { decideRotation, keepRotated, revokePredecessors } from './rotate.ts'
import { isToken, naiveState, write } from './state.ts'
import type { NaiveState } from './state.ts'

/** The contract in its shortest words, without any thought for speed: the measure of other stores. */
export function naiveStore(state: NaiveState = naiveState()): StepsOnStore & { readonly feed: ChangeFeed } {
  const find = (owner: string, id: string) => state.records.find(isToken(owner, id)) ?? null

  function set(record: TokenRecord, facts: Partial<TokenRecord>): TokenRecord {
    if (Object.keys(facts).length === 0) return record
    const changed = { ...record, ...facts }
    write(state, changed)
    announce(state, record.digest)
    return changed
  }

  function change<Wish extends Change>(
    owner: string,
    id: string,
    wish: Wish,
    factsOf: (record: TokenRecord, wish: Wish) => Facts | InsufficientScope,
  ): ChangeAnswer {
    const answer = decideForToken(state, owner, wish.idempotency, wish.at)
    if (answer !== null) return answer
    const former = find(owner, id)
    if (former === null) return { outcome: 'not_found' }
    const facts = factsOf(former, wish)
    if (typeof facts === 'string') return { outcome: facts, record: former }
    if (isRefusal(facts)) return facts
    const record = set(former, facts)
    keepRequest(state, owner, wish.idempotency, { record })
    return { outcome: 'done', record }
  }

  return {
    async insert(record, conditions) {
      const decision = decideInsert(state, record, conditions)
      if (decision.outcome === 'inserted') keepInserted(state, record, conditions)
      return decision
    },
    findRequest: async (owner, request, now) => answerForToken(state, owner, request, now),
    findByDigest: async (digests) => state.records.find(({ digest }) => digests.includes(digest)) ?? null,
    find: async (owner, id) => find(owner, id),
    findById: async (id) => state.records.find((record) => record.id === id) ?? null,
    list: async (query) => listRecords(state.records, query),
    revoke: async (owner, id, revocation) => change(owner, id, revocation, factsOfRevoke),
    async revokeAll(owner, selection) {
      const answer = decideForMany(state, owner, selection.idempotency, selection.at)
      if (answer !== null) return answer
      const meant = state.records.filter(
        (record) => record.owner === owner && isUsual(record) && isMeant(record, selection),
      )
      for (const record of meant)
        write(state, { ...record, ...(factsOfRevoke(record, selection) as Partial<TokenRecord>) })
      announceBulk(
        state,
        owner,
        meant.map(({ digest }) => digest),
      )
      const revoked = meant.filter((record) => asOf(record, selection.at).revokedAt === null).length
      keepRequest(state, owner, selection.idempotency, { revoked })
      return { outcome: 'done', revoked }
    },
    suspend: async (owner, id, wish) => change(owner, id, wish, factsOfSuspend),
    resume: async (owner, id, wish) => change(owner, id, wish, factsOfResume),
    edit: async (owner, id, edit) => change(owner, id, edit, factsOfEdit),
    async rotate(owner, id, rotation) {
      const decision = decideRotation(state, owner, id, rotation)
      if (decision.outcome === 'rotated') keepRotated(state, decision, rotation)
      return decision
    },
    async completeRotation(owner, id, at) {
      const record = find(owner, id)
      if (record === null) return null
      if (asOf(record, at).revokedAt !== null) return record
      revokePredecessors(state, record, at)
      const isLast = record.rotatedTo === null
      return set(record, record.pending ? { pending: false, ...(isLast && { overlapEndsAt: null }) } : {})
    },
    async recordUse(uses) {
      for (const use of uses) {
        const record = find(use.owner, use.id)
        if (record !== null) write(state, { ...record, ...factsOfUse(record, use) })
      }
    },
    async rekey(owner, id, digest) {
      const record = find(owner, id)
      if (record !== null && record.digest !== digest) set(record, { digest })
    },
    async prune({ prefixes = USUAL.prefixes, now, endedBefore }) {
      if (endedBefore > now) throw new RangeError('endedBefore is later than now')
      const former = state.records
      state.records = former.filter(
        (record) =>
          !prefixes.includes(record.prefix) ||
          [asOf(record, endedBefore).revokedAt, record.expiresAt, record.expiryCeiling].every(
            (end) => end === null || end >= endedBefore,
          ),
      )
      state.requests = state.requests.filter(({ expiresAt }) => expiresAt > now)
      return former.length - state.records.length
    },
    countActive: async (owner, at, prefixes = USUAL.prefixes) => activeOf(state, owner, at, prefixes).length,
    feed: {
      revision: async () => newestRevision(state),
      changesSince: async (revision) => changesSince(state, revision),
    },
  }
}

function isRefusal(facts: Partial<TokenRecord> | InsufficientScope): facts is InsufficientScope {
  return 'outcome' in facts
}

function isUsual({ prefix }: TokenRecord): boolean {
  return USUAL.prefixes.includes(prefix)
}

function isMeant(record: TokenRecord, selection: BulkRevocation): boolean {
  const { exceptId, issuedBefore, scope, lastUsedBefore = Infinity } = selection
  const isOld = issuedBefore === null || record.createdAt < issuedBefore
  const isScoped = scope === null || record.scopes.includes(scope)
  const isUnused = (record.lastUsedAt ?? record.createdAt) < lastUsedBefore
  return record.revokedAt === null && record.id !== exceptId && isOld && isScoped && isUnused
}
