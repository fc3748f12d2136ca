export { migrationSql } from './migrations/migration-sql.ts'
