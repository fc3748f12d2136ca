import type { TokenRecord } from '@tessera/core'
import { addRow, createOwnerIndex, removeRows, replaceRecord } from './owner-index.ts'
import type { OwnerIndex, Row } from './owner-index.ts'

/** All tokens, by owner and by digest. */
export interface TokenTable {
  /** An owner's tokens; an empty index that is not kept, where there are none. */
  ofOwner(owner: string): OwnerIndex
  find(owner: string, id: string): Row | null
  findByDigests(digests: readonly string[]): Row | null
  /** @throws Error when another token is kept under the digest; then nothing is added */
  add(record: TokenRecord): void
  /** Puts a later state of the same token in the place of its record. */
  replace(row: Row, record: TokenRecord): void
  /** Removes the records that are of no more use, and tells how many there were. */
  remove(isUseless: (record: TokenRecord) => boolean): number
}

export function createTokenTable(): TokenTable {
  const owners = new Map<string, OwnerIndex>()
  const byDigest = new Map<string, Row>()
  const ofOwner = (owner: string) => owners.get(owner) ?? createOwnerIndex()
  return {
    ofOwner,
    find: (owner, id) => owners.get(owner)?.rows.get(id) ?? null,
    findByDigests(digests) {
      for (const digest of digests) {
        const row = byDigest.get(digest)
        if (row !== undefined) return row
      }
      return null
    },
    add(record) {
      if (byDigest.has(record.digest)) throw new Error('memoryStore: another token is kept under this digest')
      const index = ofOwner(record.owner)
      const row: Row = { record, acceptance: null }
      addRow(index, row)
      owners.set(record.owner, index)
      byDigest.set(record.digest, row)
    },
    replace(row, record) {
      const { digest } = row.record
      replaceRecord(ofOwner(record.owner), row, record)
      if (record.digest === digest) return
      byDigest.delete(digest)
      byDigest.set(record.digest, row)
    },
    remove(isUseless) {
      let removed = 0
      for (const [owner, index] of owners) {
        for (const { record } of removeRows(index, isUseless)) {
          byDigest.delete(record.digest)
          removed += 1
        }
        if (index.rows.size === 0) owners.delete(owner)
      }
      return removed
    },
  }
}
