import type { TokenRecord } from '@tessera/core'

/** Shared by all entries dropped at once, whatever their number. */
interface Life {
  isOver: boolean
}

/** The cached records of one owner. They count as long as its life is not over. */
export interface OwnerGroup<Entry> {
  life: Life
  /** The record of an owner with one cached record, as most have. It saves a map. */
  only: Entry | null
  byId: Map<string, Entry> | null
}

export interface Grouped<Entry> {
  readonly record: TokenRecord
  readonly group: OwnerGroup<Entry>
}

/** Finds cached records by owner and id. */
export interface OwnerIndex<Entry extends Grouped<Entry>> {
  find(owner: string, id: string): Entry | null
  /** The group of a new entry of the owner. */
  groupOf(owner: string): OwnerGroup<Entry>
  add(entry: Entry): void
  remove(entry: Entry): void
  /** Ends the life of the owner's group, at the same cost for any number of records. They are left for `nextForgotten`. */
  forgetOwner(owner: string): void
  /** Does the same to all groups. */
  forgetAll(): void
  /** A dead entry, to be removed; each is returned once. */
  nextForgotten(): Entry | null
}

const OVER: Life = { isOver: true }

export function createOwnerIndex<Entry extends Grouped<Entry>>(): OwnerIndex<Entry> {
  let groups = new Map<string, OwnerGroup<Entry>>()
  let life: Life = { isOver: false }
  const leftovers: Generator<Entry, void>[] = []

  return {
    find(owner, id) {
      const group = groups.get(owner)
      if (group === undefined) return null
      if (group.byId !== null) return group.byId.get(id) ?? null
      return group.only?.record.id === id ? group.only : null
    },
    groupOf(owner) {
      const known = groups.get(owner)
      if (known !== undefined) return known
      const group: OwnerGroup<Entry> = { life, only: null, byId: null }
      groups.set(owner, group)
      return group
    },
    add(entry) {
      const { group, record } = entry
      if (group.byId === null && group.only === null) {
        group.only = entry
        return
      }
      group.byId ??= new Map(group.only === null ? [] : [[group.only.record.id, group.only]])
      group.only = null
      group.byId.set(record.id, entry)
    },
    remove(entry) {
      const { group, record } = entry
      if (group.only === entry) group.only = null
      if (group.byId?.get(record.id) === entry) group.byId.delete(record.id)
      const isEmpty = group.only === null && (group.byId === null || group.byId.size === 0)
      if (isEmpty && groups.get(record.owner) === group) groups.delete(record.owner)
    },
    forgetOwner(owner) {
      const group = groups.get(owner)
      if (group === undefined) return
      group.life = OVER
      groups.delete(owner)
      leftovers.push(entriesOf([group]))
    },
    forgetAll() {
      if (groups.size === 0) return
      life.isOver = true
      life = { isOver: false }
      leftovers.push(entriesOf(groups.values()))
      groups = new Map()
    },
    nextForgotten() {
      for (let entries = leftovers[0]; entries !== undefined; entries = leftovers[0]) {
        const { value, done } = entries.next()
        if (done !== true) return value
        leftovers.shift()
      }
      return null
    },
  }
}

function* entriesOf<Entry>(groups: Iterable<OwnerGroup<Entry>>): Generator<Entry, void> {
  for (const { only, byId } of groups) {
    if (only !== null) yield only
    if (byId !== null) yield* byId.values()
  }
}
