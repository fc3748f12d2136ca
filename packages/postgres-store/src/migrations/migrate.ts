import { setTimeout as wait } from 'node:timers/promises'
import { checkOptions } from '@tessera/core'
import { causeOf } from '../driver/cause.ts'
import type { Driver } from '../driver/driver.ts'
import { sqlStateOf } from '../driver/sql-state.ts'
import { driverOf } from '../driver/which-driver.ts'
import type { PostgresPool } from '../driver/which-driver.ts'
import { schemaRule } from './schema-rule.ts'
import { scriptIn } from './script-in.ts'
import type { Script } from './script-in.ts'
import { scripts } from './scripts.ts'

/**
 * Makes the tables and functions, or brings them to the layout of this version. Call it at deploy, as a role with the right
 * to create in the database. A store itself never changes them.
 *
 * Any number of processes may call it at once. It is one transaction: it is done whole or not at all.
 *
 * @param pool As for `postgresStore`. It stays yours.
 * @throws TypeError for something else, and for an unknown or wrong option, with its name
 */
export async function migrate(
  pool: PostgresPool,
  options: { readonly schema?: string | undefined } = {},
): Promise<void> {
  const driver = driverOf('migrate', pool)
  checkOptions('migrate', options, { schema: schemaRule })
  await runScripts(driver, options.schema ?? 'tessera', scripts)
}

const LOCK_TIMEOUT = '55P03'
const ATTEMPTS = 20
const PAUSE_MS = 250

/**
 * Under an isolation other than read committed, a process that waited for another one sees the state before that, and makes
 * the same once more: a conflict, or something is there already.
 */
const OUTRUN = /^(?:40001|42P0[67]|42701|42710|42723|23505)$/
const OUTRUN_ATTEMPTS = 4

/** Runs the scripts after the present layout. */
export async function runScripts(driver: Driver, schema: string, scripts: readonly Script[]): Promise<void> {
  const text = textOf(schema, scripts)
  for (let attempt = 1; ; attempt += 1) {
    try {
      await driver({ name: null, text, values: [] }, { isOver: false, onOver: new Set() })
      return
    } catch (error) {
      const state = sqlStateOf(error) ?? ''
      const attempts = OUTRUN.test(state) ? OUTRUN_ATTEMPTS : state === LOCK_TIMEOUT ? ATTEMPTS : 1
      if (attempt >= attempts) throw failureOf(error)
      if (state === LOCK_TIMEOUT) await wait(PAUSE_MS)
    }
  }
}

/**
 * One statement, and so one transaction, also behind a pooler. After the lock, each part sees the work of others. A script
 * waits for a table in use only briefly, since everybody else waits behind it.
 */
function textOf(schema: string, scripts: readonly Script[]): string {
  const steps = scripts.map(
    (script, index) => `if v_layout <= ${index} then execute ${quoted(scriptIn(schema, script))}; end if;`,
  )
  return `do ${quoted(`declare v_layout int := 0; begin
    perform pg_advisory_xact_lock(hashtext('tessera migrations'), hashtext('${schema}'));
    perform set_config('lock_timeout', '500ms', true);
    if to_regclass('"${schema}".migrations') is not null then
      execute 'select coalesce(max(layout), 0) from "${schema}".migrations' into v_layout;
    end if;
    ${steps.join('\n')}
  end`)}`
}

function failureOf(error: unknown): Error {
  const cause = causeOf(error)
  return new Error(`migrate: ${cause.message}`, { cause })
}

/** Puts a text in quotes not found within it. */
function quoted(text: string): string {
  let number = 0
  while (text.includes(`$q${number}$`)) number += 1
  return `$q${number}$${text}$q${number}$`
}
