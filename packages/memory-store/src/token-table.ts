import type { TokenRecord } from '@tessera/core'
import { addRow, createOwnerIndex, removeRows, replaceRecord } from './owner-index.ts'
import type { OwnerIndex, Row } from './owner-index.ts'

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

  function replace(row: Row, record: TokenRecord): void {
    const { digest } = row.record
    replaceRecord(ofOwner(record.owner), row, record)
    if (record.digest === digest) return
    byDigest.delete(digest)
    byDigest.set(record.digest, row)
  }

  return {
    ofOwner,
    find: (owner, id) => owners.get(owner)?.rows.get(id) ?? null,
    findById(id) {
      for (const { rows } of owners.values()) {
        const row = rows.get(id)
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
        if (ofOwner(owner).rows.has(id)) throw new Error('memoryStore: the owner has a token with this id')
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
        const row = ofOwner(record.owner).rows.get(record.id)
        if (row !== undefined) replace(row, record)
      }
    },
    replace,
    remove(prefixes, isUseless) {
      let count = 0
      for (const [owner, index] of owners) {
        const removed = prefixes.flatMap((prefix) => removeRows(index, prefix, isUseless))
        for (const { record } of removed) byDigest.delete(record.digest)
        count += removed.length
        if (index.rows.size === 0) owners.delete(owner)
      }
      return count
    },
  }
}
