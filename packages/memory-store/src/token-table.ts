import type { TokenRecord } from '@tessera/core'
import { addRow, createOwnerIndex, findRow, removeRows, replaceRecord, sizeOf } from './owner-index.ts'
import type { OwnerIndex } from './owner-index.ts'
import type { Row } from './row.ts'

/** All tokens, by owner and by digest. */
export interface TokenTable {
  /** An owner's tokens; a temporary empty index if there are none. */
  ofOwner(owner: string): OwnerIndex
  find(owner: string, id: string): Row | null
  /** The token of any owner with this id. Looks at every owner. */
  findById(id: string): Row | null
  findByDigests(digests: readonly string[]): Row | null
  /** @throws Error if another token has one of the ids or digests; then nothing is added */
  add(records: readonly TokenRecord[]): void
  /** Puts later states of tokens in the place of their records. */
  put(records: readonly TokenRecord[]): void
  /** Puts a later state of the same token in the place of its record. */
  replace(row: Row, record: TokenRecord): void
  /** Removes the useless records of some prefixes, and returns their number. */
  remove(prefixes: readonly string[], isUseless: (record: TokenRecord) => boolean): number
}

export function createTokenTable(): TokenTable {
  const owners = new Map<string, OwnerIndex>()
  const byDigest = new Map<string, Row>()
  const ofOwner = (owner: string) => owners.get(owner) ?? createOwnerIndex()

  function find(owner: string, id: string): Row | null {
    const index = owners.get(owner)
    return index === undefined ? null : (findRow(index, id) ?? null)
  }

  function replace(row: Row, record: TokenRecord): void {
    const { digest } = row.record
    replaceRecord(ofOwner(record.owner), row, record)
    if (record.digest === digest) return
    byDigest.delete(digest)
    byDigest.set(record.digest, row)
  }

  return {
    ofOwner,
    find,
    findById(id) {
      for (const index of owners.values()) {
        const row = findRow(index, id)
        if (row !== undefined) return row
      }
      return null
    },
    findByDigests(digests) {
      for (const digest of digests) {
        const row = byDigest.get(digest)
        if (row !== undefined) return row
      }
      return null
    },
    add(records) {
      for (const { owner, id, digest } of records) {
        if (byDigest.has(digest)) throw new Error('memoryStore: another token is kept under this digest')
        if (find(owner, id) !== null) throw new Error('memoryStore: the owner has a token with this id')
      }
      for (const record of records) {
        const index = ofOwner(record.owner)
        const row: Row = { record, memo: null }
        addRow(index, row)
        owners.set(record.owner, index)
        byDigest.set(record.digest, row)
      }
    },
    put(records) {
      for (const record of records) {
        const row = find(record.owner, record.id)
        if (row !== null) replace(row, record)
      }
    },
    replace,
    remove(prefixes, isUseless) {
      let count = 0
      for (const [owner, index] of owners) {
        const removed = prefixes.flatMap((prefix) => removeRows(index, prefix, isUseless))
        for (const { record } of removed) byDigest.delete(record.digest)
        count += removed.length
        if (sizeOf(index) === 0) owners.delete(owner)
      }
      return count
    },
  }
}
