import { checkOptions, leaseRule, wholeNumber } from '@tessera/core'
import { schemaRule } from './migrations/schema-rule.ts'

export interface PostgresStoreOptions {
  /** The schema of the tables and functions: a lower-case letter, then up to 62 of `[a-z0-9_]`. Default `tessera`. */
  readonly schema?: string | undefined
  /** How long an operation may take, in milliseconds. Default 1,000. */
  readonly deadlineMs?: number | undefined
  /** The number of changes kept in the change feed. A cache further behind empties itself. Default 2,000. */
  readonly changesKept?: number | undefined
  /**
   * Whether statements are prepared by name. `'auto'` prepares them until a pooler refuses that. Default `'auto'`.
   */
  readonly preparedStatements?: 'auto' | boolean | undefined
  /**
   * The length of a lease of caches with the freshness `leased`, 10 to 10,000. A revocation then takes 1.1 times as long. Give
   * it to every process on the tables. Default none: no cache gets a lease.
   */
  readonly leaseMs?: number | undefined
}

/** @throws TypeError for an unknown or wrong option, with its name */
export function checkPostgresStoreOptions(options: PostgresStoreOptions): void {
  checkOptions('postgresStore', options, {
    schema: schemaRule,
    deadlineMs: wholeNumber(1, 3_600_000, 'milliseconds'),
    changesKept: wholeNumber(1, 10_000),
    preparedStatements: {
      right: "'auto', true or false",
      test: (value) => value === 'auto' || typeof value === 'boolean',
    },
    leaseMs: leaseRule,
  })
}
