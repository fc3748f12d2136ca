export { migrationSql } from './migrations/migration-sql.ts'
export type { PostgresStoreOptions } from './options.ts'
export { postgresStore } from './postgres-store.ts'
export type { PostgresStore } from './postgres-store.ts'
