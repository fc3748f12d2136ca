import type { DatabaseFacts, TableFacts } from './database-facts.ts'
import { identifier } from './grant-sql.ts'
import { FUNCTIONS, LAYOUT, PRIVILEGES } from './layout.ts'

const OLDEST_VERSION = 14

/** A fault of the server or of the role's settings, with the statement to run; `null` for none. */
export function whyUnfit(facts: DatabaseFacts, mustLast: boolean): string | null {
  const role = identifier(facts.role)
  if (facts.version < OLDEST_VERSION)
    return `the server is PostgreSQL ${facts.version}: upgrade it to ${OLDEST_VERSION} or later`
  if (facts.isStandby) return 'the server is a standby, which lags behind revocations: connect to the primary'
  if (facts.isReadOnly) {
    return `transactions of the role are read-only: run "alter role ${role} set default_transaction_read_only = off"`
  }
  if (facts.isolation !== 'read committed') {
    const repair = `alter role ${role} set default_transaction_isolation = 'read committed'`
    return `the isolation of transactions is ${facts.isolation}, which breaks the limit of active tokens: run "${repair}"`
  }
  if (!facts.fsync && mustLast) {
    const repair = 'alter system set fsync = on; select pg_reload_conf()'
    return `fsync is off, so a crash loses acknowledged changes: run "${repair}", or say ready({ durable: false }) for tests`
  }
  return null
}

/** The missing part of the tables and functions, with the way to make it; `null` for none. Reads the layout only if it may. */
export async function whyIncomplete(
  facts: DatabaseFacts,
  schema: string,
  readLayout: () => Promise<number>,
): Promise<string | null> {
  const all = `migrate(pool, { schema: '${schema}' }) as the owner, or the SQL of migrationSql({ schema: '${schema}' })`
  if (!facts.hasSchema) return `there is no schema ${schema}: run ${all}`
  if (!facts.hasUsage)
    return `the role may not use the schema: run "grant usage on schema ${identifier(schema)} to ${identifier(facts.role)}"`
  const migrations = facts.tables.find(({ name }) => name === 'migrations')
  if (migrations === undefined) return `the schema ${schema} has no table of migrations: run ${all}`
  if (!migrations.privileges.includes('select')) return whyPrivileges([migrations], schema, facts.role)
  const layout = await readLayout()
  if (layout < LAYOUT) {
    const from = `migrationSql({ schema: '${schema}', from: ${layout} })`
    return `the tables have layout ${layout}, this version needs ${LAYOUT}: run migrate(pool, { schema: '${schema}' }) as the owner, or the SQL of ${from}`
  }
  const missing = [...PRIVILEGES.keys()].filter((table) => !facts.tables.some(({ name }) => name === table))
  const lost = FUNCTIONS.filter((needs) => !facts.functions.some(({ name }) => name === needs))
  if (missing.length === 0 && lost.length === 0) return null
  if (layout > LAYOUT) {
    return `the tables have layout ${layout}, and this version knows layout ${LAYOUT}: upgrade @tessera/postgres-store`
  }
  return `the schema ${schema} lacks ${[...missing, ...lost].join(', ')}: restore it from migrationSql({ schema: '${schema}' })`
}

/** The missing privilege of the role, or the hidden or unsafe table, with the statement to run; `null` for none. */
export function whyRefused(facts: DatabaseFacts, schema: string): string | null {
  const tables = facts.tables.filter(({ name }) => PRIVILEGES.has(name))
  const why = whyPrivileges(tables, schema, facts.role)
  if (why !== null) return why
  if (facts.functions.some(({ name, mayExecute }) => FUNCTIONS.includes(name) && !mayExecute)) {
    const repair = `grant execute on all functions in schema ${identifier(schema)} to ${identifier(facts.role)}`
    return `the role may not call the functions: run "${repair}"`
  }
  const hiding = tables.find(({ hidesRows }) => hidesRows)
  if (hiding !== undefined) {
    const repair = `alter table ${identifier(schema)}.${hiding.name} disable row level security`
    return `row-level security hides rows of ${hiding.name} from the role: run "${repair}"`
  }
  const unlogged = tables.find(({ isLogged }) => !isLogged)
  if (unlogged === undefined) return null
  return `a crash empties the table ${unlogged.name}: run "alter table ${identifier(schema)}.${unlogged.name} set logged"`
}

function whyPrivileges(tables: readonly TableFacts[], schema: string, role: string): string | null {
  const lacking = tables.find(({ name, privileges }) => lackingOf(name, privileges).length > 0)
  if (lacking === undefined) return null
  const lack = lackingOf(lacking.name, lacking.privileges).join(', ')
  return `the role may not ${lack} on ${lacking.name}: run "grant ${lack} on ${identifier(schema)}.${lacking.name} to ${identifier(role)}"`
}

function lackingOf(table: string, privileges: readonly string[]): readonly string[] {
  return (PRIVILEGES.get(table) ?? []).filter((needed) => !privileges.includes(needed))
}
