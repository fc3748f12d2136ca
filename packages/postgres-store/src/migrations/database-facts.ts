import { statement } from '../driver/statement.ts'
import type { Query } from '../driver/database.ts'
import { identifier } from './grant-sql.ts'

/** A database's facts about itself, as the role of a store sees them. */
export interface DatabaseFacts {
  readonly role: string
  readonly version: number
  readonly isStandby: boolean
  readonly isReadOnly: boolean
  readonly isolation: string
  readonly fsync: boolean
  readonly hasSchema: boolean
  readonly hasUsage: boolean
  /** Missing ones are left out. */
  readonly tables: readonly TableFacts[]
  readonly functions: readonly FunctionFacts[]
}

export interface TableFacts {
  readonly name: string
  readonly privileges: readonly string[]
  readonly hidesRows: boolean
  /** False for one that is empty after a crash. */
  readonly isLogged: boolean
}

export interface FunctionFacts {
  readonly name: string
  readonly mayExecute: boolean
}

/** It reads catalogs alone: they are there for every role, whatever is missing. */
const FACTS = statement(`
select json_build_object(
  'role', current_user,
  'version', current_setting('server_version_num')::int / 10000,
  'isStandby', pg_is_in_recovery(),
  'isReadOnly', current_setting('transaction_read_only')::boolean,
  'isolation', current_setting('transaction_isolation'),
  'fsync', current_setting('fsync')::boolean,
  'hasSchema', s.oid is not null,
  'hasUsage', coalesce(has_schema_privilege(s.oid, 'usage'), false),
  'tables', (
    select coalesce(json_agg(json_build_object(
      'name', c.relname,
      'hidesRows', row_security_active(c.oid),
      'isLogged', c.relpersistence = 'p',
      'privileges', (
        select coalesce(json_agg(p.name), '[]')
        from unnest(array['select', 'insert', 'update', 'delete']) p(name)
        where has_table_privilege(c.oid, p.name)
      )
    )), '[]')
    from pg_catalog.pg_class c where c.relnamespace = s.oid and c.relkind in ('r', 'p')
  ),
  'functions', (
    select coalesce(json_agg(json_build_object('name', f.proname, 'mayExecute', has_function_privilege(f.oid, 'execute'))), '[]')
    from pg_catalog.pg_proc f where f.pronamespace = s.oid
  )
)::text
from (select 1) one left join pg_catalog.pg_namespace s on s.nspname = $1::text`)

export async function readFacts(query: Query, schema: string): Promise<DatabaseFacts> {
  const [text] = await query(FACTS, [schema])
  // The statement is written above.
  return JSON.parse(text ?? '') as DatabaseFacts
}

/** Reads the layout of the tables; 0 if nobody wrote one. The table must be there, and open to the role. */
export async function readLayout(query: Query, schema: string): Promise<number> {
  const [layout] = await query(statement(`select max(layout)::text from ${identifier(schema)}.migrations`), [])
  return Number(layout ?? 0)
}
