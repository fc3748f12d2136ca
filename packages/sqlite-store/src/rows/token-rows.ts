import type { ActiveCount, Retention, TokenRecord } from '@tessera/core'
import { oneOf } from '../connection/database.ts'
import type { Statements } from '../connection/database.ts'
import { changedIn, COLUMNS, INDEXED, indexedOf, recordIn, textOf } from './record-row.ts'
import type { RecordRow } from './record-row.ts'

/** The rows of tokens, one statement each. Changes belong into a transaction. */
export interface TokenRows {
  find(owner: string, id: string): TokenRecord | null
  /** The tokens with these ids, each with its predecessor and its successor by rotation. */
  findWithNeighbours(owner: string, ids: readonly string[]): ReadonlyMap<string, TokenRecord>
  /** The token of any owner with this id. Looks through the ids of all tokens. */
  findById(id: string): TokenRecord | null
  findByDigests(digests: readonly string[]): TokenRecord | null
  /** @throws Error if the id or the digest is in use */
  add(record: TokenRecord): void
  /**
   * Puts a later state in the place of a record. Only the columns that differ are written: each index of one would cost as
   * much as the rest of the row.
   */
  put(record: TokenRecord, former: TokenRecord): void
  countActive(owner: string, count: ActiveCount): number
  /** Removes at most so many ended tokens, and returns their number. */
  removeEnded(retention: Retention, limit: number): number
}

const BY_ID = `select ${COLUMNS} from {tokens} where owner = ? and id = ?`
const BY_DIGEST = `select ${COLUMNS} from {tokens} where digest = ?`
const ADD = `insert into {tokens} (owner, id, ${INDEXED.join(', ')}, record) values (?, ?, ?, ?, ?, ?, ?, ?)`

export function tokenRowsIn(sql: Statements): TokenRows {
  function find(owner: string, id: string): TokenRecord | null {
    const row = sql.get<RecordRow>(BY_ID, owner, id)
    return row === undefined ? null : recordIn(row)
  }

  return {
    find,
    findWithNeighbours(owner, ids) {
      const records = new Map<string, TokenRecord>()
      const add = (id: string | null) => {
        const record = id === null ? null : (records.get(id) ?? find(owner, id))
        if (record !== null) records.set(record.id, record)
        return record
      }
      for (const id of ids) {
        const record = add(id)
        if (record === null) continue
        add(record.rotatedFrom)
        add(record.rotatedTo)
      }
      return records
    },
    findById(id) {
      // The ids alone stand in an index: their owners come first there.
      const found = 'select rowid from {tokens} where id = ? limit 1'
      const row = sql.get<RecordRow>(`select ${COLUMNS} from {tokens} where rowid = (${found})`, id)
      return row === undefined ? null : recordIn(row)
    },
    findByDigests(digests) {
      for (const digest of digests) {
        const row = sql.get<RecordRow>(BY_DIGEST, digest)
        if (row !== undefined) return recordIn(row)
      }
      return null
    },
    add: (record) => sql.run(ADD, record.owner, record.id, ...indexedOf(record), textOf(record)),
    put(record, former) {
      const changed = changedIn(former, record)
      const columns = changed.map(({ column }) => `${column} = ?, `).join('')
      const values = [...changed.map(({ value }) => value), textOf(record)]
      sql.run(`update {tokens} set ${columns}record = ? where owner = ? and id = ?`, ...values, record.owner, record.id)
    },
    countActive(owner, { at, prefixes }) {
      const among = `owner = ? and prefix ${oneOf(prefixes)} and counts_until > ?`
      const counted = `select count(*) as count from {tokens} where ${among}`
      return sql.get<{ count: number }>(counted, owner, ...prefixes, at)?.count ?? 0
    },
    removeEnded({ prefixes, endedBefore }, limit) {
      const ended = `select rowid from {tokens} where ended_at < ? and prefix ${oneOf(prefixes)} limit ?`
      const removing = `delete from {tokens} where rowid in (${ended}) returning id`
      return sql.all(removing, endedBefore, ...prefixes, limit).length
    },
  }
}
