import { checkOptions } from '@tessera/core'
import { PRIVILEGES } from './layout.ts'
import { schemaRule } from './schema-rule.ts'

export interface GrantOptions {
  /** The name of the role of the app. */
  readonly role: string
  /** The schema of the tables and functions. Default `tessera`. */
  readonly schema?: string | undefined
}

/**
 * Writes the grants for the role of an app: everything for a store, and nothing else. The owner of the tables runs them.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example await owner.query(grantSql({ role: 'app' }))
 */
export function grantSql(options: GrantOptions): string {
  checkOptions('grantSql', options, {
    role: {
      right: 'the name of a role, without NUL',
      test: (value) => typeof value === 'string' && /^[^\0]+$/.test(value),
      required: true,
    },
    schema: schemaRule,
  })
  const { role, schema = 'tessera' } = options
  const tables = [...PRIVILEGES].map(
    ([table, privileges]) => `${privileges.join(', ')} on ${schemaOf(schema)}.${table}`,
  )
  const grants = [
    `usage on schema ${schemaOf(schema)}`,
    ...tables,
    `execute on all functions in schema ${schemaOf(schema)}`,
  ]
  return grants.map((grant) => `grant ${grant} to ${identifier(role)};`).join('\n')
}

/** A name in quotes, whatever is in it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function schemaOf(schema: string): string {
  return schema === 'tessera' ? schema : identifier(schema)
}
