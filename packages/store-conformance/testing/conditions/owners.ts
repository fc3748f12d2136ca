import { shardOf } from '@tessera/core'
import { listRecords } from '../../src/model/naive-store/list.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken, brokenIn } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import { deciding, seeing } from '../broken/deciding.ts'

/** The owner, or whoever else has a token of this id. */
function ownerOf({ records }: Readonly<NaiveState>, owner: string, id: string): string {
  const own = records.some((record) => record.owner === owner && record.id === id)
  return own ? owner : (records.find((record) => record.id === id)?.owner ?? owner)
}

/** A store that lists for an owner what belongs to anyone whom `fold` takes for the same. */
function folding(fold: (owner: string) => string): () => StepsOnStore {
  return broken((_store, state) => ({
    list: async (query) =>
      listRecords(
        state.records.map((record) =>
          fold(record.owner) === fold(query.owner) ? { ...record, owner: query.owner } : record,
        ),
        query,
      ),
  }))
}

export const owners: BrokenStores = {
  'finds any owner’s token': broken((store, state) => ({
    find: (owner, id) => store.find(ownerOf(state, owner, id), id),
  })),
  'revokes any owner’s token': broken((store, state) => ({
    revoke: (owner, id, at) => store.revoke(ownerOf(state, owner, id), id, at),
  })),
  'suspends any owner’s token': broken((store, state) => ({
    suspend: (owner, id, at) => store.suspend(ownerOf(state, owner, id), id, at),
  })),
  'edits any owner’s token': brokenIn((store, state) => ({
    edit: (owner, id, edit) => store.edit(ownerOf(state, owner, id), id, edit),
  })),
  'rotates any owner’s token': brokenIn((store, state) => ({
    rotate: (owner, id, rotation) => store.rotate(ownerOf(state, owner, id), id, rotation),
  })),
  'completes the rotation of any owner’s token': brokenIn((store, state) => ({
    completeRotation: (owner, id, at) => store.completeRotation(ownerOf(state, owner, id), id, at),
  })),
  'resumes any owner’s token': broken((store, state) => ({
    resume: (owner, id, at) => store.resume(ownerOf(state, owner, id), id, at),
  })),
  'records the use of any owner’s token': broken((store, state) => ({
    recordUse: (uses) => store.recordUse(uses.map((use) => ({ ...use, owner: ownerOf(state, use.owner, use.id) }))),
  })),
  'rekeys any owner’s token': broken((store, state) => ({
    rekey: (owner, id, digest) => store.rekey(ownerOf(state, owner, id), id, digest),
  })),
  'lists another owner’s tokens too': broken((_, state) => ({
    list: async (query) =>
      listRecords(
        state.records.map((record) => ({ ...record, owner: query.owner })),
        query,
      ),
  })),
  'lists the tokens of all owners in the shard': folding((owner) => shardOf(owner)),
  'lists the tokens of owners whose names begin alike': folding((owner) => owner.slice(0, 3)),
  'compares owners without regard to case': folding((owner) => owner.toLowerCase()),
  'compares owners after normalizing them': folding((owner) => owner.normalize()),
  'compares owners after trimming them': folding((owner) => owner.trim()),
  'fails for an owner without tokens': broken((store, state) => ({
    async list(query) {
      if (!state.records.some(({ owner }) => owner === query.owner)) throw new Error('no such owner')
      return store.list(query)
    },
  })),
  'takes ids for unique across owners': deciding((grounds) =>
    seeing(grounds, (record) =>
      record.id === grounds.record.id ? { ...record, owner: grounds.record.owner } : record,
    ),
  ),
}
