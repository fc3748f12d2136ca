export type { SqliteDatabase, SqliteStatement, SqliteValue } from './connection/database.ts'
export type { SqliteStoreOptions } from './options.ts'
export { sqliteStore } from './sqlite-store.ts'
export type { SqliteStore } from './sqlite-store.ts'
