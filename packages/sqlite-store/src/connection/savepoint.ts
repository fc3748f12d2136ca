import type { Statements } from './database.ts'

/**
 * Runs several statements inside a transaction. If one fails, all of them are undone, and nothing else of the transaction. A
 * single statement needs no savepoint: the database undoes it by itself.
 */
export function inSavepoint(sql: Statements, work: () => void): void {
  sql.exec('savepoint job')
  try {
    work()
  } catch (error) {
    try {
      sql.exec('rollback to job; release job')
    } catch {
      // A full disk has ended the whole transaction.
    }
    throw error
  }
  sql.exec('release job')
}
