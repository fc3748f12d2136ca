import {
  countActive,
  edit,
  endPending,
  findRepeated,
  insert,
  rekey,
  resume,
  revoke,
  revokeMany,
  revokePredecessors,
  rotate,
  suspend,
  takeShown,
} from '@tessera/core'
import type {
  BulkRevocation,
  Change,
  Completion,
  Edit,
  EditOutcome,
  Idempotency,
  InsertConditions,
  InsertOutcome,
  Outdated,
  Repeated,
  Retention,
  Revocation,
  RevokeAllOutcome,
  RotateOutcome,
  Rotation,
  Step,
  TokenPage,
  TokenQuery,
  TokenRecord,
  TokenStore,
} from '@tessera/core'

/** The outcome of a step for one token. */
export type ChangeAnswer = EditOutcome | Outdated

/** The usual API of a store: its prefixes. */
export const USUAL: Pick<TokenQuery, 'prefixes'> = { prefixes: ['ot_pat'] }

/** The same with prefixes that may be left out, for those of the usual API. */
export type Usually<Asked extends typeof USUAL> = Omit<Asked, 'prefixes'> & Partial<typeof USUAL>

/** The steps of a token's life on a store, as core takes them, beside the store's reads. */
export interface StepsOnStore extends Omit<TokenStore, 'change' | 'insert' | 'list' | 'prune'> {
  list(query: Usually<TokenQuery>): Promise<TokenPage>
  prune(retention: Usually<Retention>): Promise<number>
  insert(record: TokenRecord, conditions: InsertConditions): Promise<InsertOutcome>
  findRequest(
    owner: string,
    request: Idempotency,
    now: number,
  ): Promise<Repeated<{ readonly record: TokenRecord }> | null>
  revoke(owner: string, id: string, revocation: Revocation): Promise<ChangeAnswer>
  revokeAll(owner: string, selection: BulkRevocation): Promise<RevokeAllOutcome>
  suspend(owner: string, id: string, change: Change): Promise<ChangeAnswer>
  resume(owner: string, id: string, change: Change): Promise<ChangeAnswer>
  edit(owner: string, id: string, edit: Edit): Promise<ChangeAnswer>
  rotate(owner: string, id: string, rotation: Rotation): Promise<RotateOutcome>
  completeRotation(owner: string, id: string, at: number): Promise<TokenRecord | null>
  rekey(owner: string, id: string, digest: string): Promise<void>
  /** Of the usual API, unless other prefixes are named. */
  countActive(owner: string, at: number, prefixes?: readonly string[]): Promise<number>
}

/** The same store with the steps beside its own methods. */
export function stepsOn<Store extends TokenStore>(store: Store): Store & StepsOnStore {
  return { ...store, ...stepsThrough(store) }
}

export function stepsOf(tested: TokenStore | StepsOnStore): StepsOnStore {
  return isStore(tested) ? stepsThrough(tested) : tested
}

export function isStore(tested: TokenStore | StepsOnStore): tested is TokenStore {
  return 'change' in tested
}

function stepsThrough(store: TokenStore): StepsOnStore {
  function take<Answer>(owner: string, { wants, decide }: Step<Answer>): Promise<Answer> {
    return store.change(owner, wants, decide)
  }

  const list: StepsOnStore['list'] = (query) => store.list({ ...USUAL, ...query })

  return {
    findByDigest: (digests, shard) => store.findByDigest(digests, shard),
    find: (owner, id) => store.find(owner, id),
    findById: (id) => store.findById(id),
    list,
    recordUse: (uses) => store.recordUse(uses),
    prune: (retention) => store.prune({ ...USUAL, ...retention }),
    ...(store.feed && { feed: store.feed }),
    ...(store.cache && { cache: store.cache }),
    insert: (record, conditions) =>
      store.insert === undefined ? take(record.owner, insert(record, conditions)) : store.insert(record, conditions),
    findRequest: (owner, request, now) => take(owner, findRepeated(request, now)),
    revoke: (owner, id, revocation) => take(owner, revoke(id, revocation)),
    revokeAll: (owner, selection) => revokeMany({ take, list }, owner, selection),
    suspend: (owner, id, change) => take(owner, suspend(id, change)),
    resume: (owner, id, change) => take(owner, resume(id, change)),
    edit: (owner, id, request) => take(owner, edit(id, request)),
    rotate: (owner, id, rotation) => takeShown<RotateOutcome>((more) => take(owner, rotate(id, rotation, more))),
    async completeRotation(owner, id, at) {
      const { record } = await takeShown<Completion>((more) => take(owner, revokePredecessors(id, at, more)))
      return record && take(owner, endPending(id))
    },
    rekey: (owner, id, digest) => take(owner, rekey(id, digest)),
    countActive: (owner, at, prefixes = USUAL.prefixes) => take(owner, countActive(at, prefixes)),
  }
}
