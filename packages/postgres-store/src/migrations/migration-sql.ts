import { checkOptions, wholeNumber } from '@tessera/core'
import { schemaRule } from './schema-rule.ts'
import { scriptIn } from './script-in.ts'
import { scripts } from './scripts.ts'

export interface MigrationOptions {
  /** The schema of the tables and functions. Default `tessera`. */
  readonly schema?: string | undefined
  /** The present layout. Default 0: there are no tables. */
  readonly from?: number | undefined
}

/**
 * Writes the SQL of the tables and functions, for a team's own migrations. Run it in one transaction, as their owner.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example writeFileSync('migrations/0042_tessera.sql', migrationSql())
 */
export function migrationSql(options: MigrationOptions = {}): string {
  checkOptions('migrationSql', options, { schema: schemaRule, from: wholeNumber(0, scripts.length) })
  const { schema = 'tessera', from = 0 } = options
  return scripts
    .slice(from)
    .map((script) => scriptIn(schema, script))
    .join('\n')
}
