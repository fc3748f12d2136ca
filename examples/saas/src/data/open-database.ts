import type { Database } from './database.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

/** @param url `sqlite:FILE` or `postgres://user:password@host:port/database` */
export async function openDatabase(url: string): Promise<Database> {
  try {
    return await (url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url))
  } catch (cause) {
    // Node has no message for a host of several addresses that all refuse.
    const { message, code = 'unknown' } = cause as { readonly message?: string; readonly code?: string }
    throw new Error(`the database of DATABASE_URL cannot be opened: ${message || code}`, { cause })
  }
}
