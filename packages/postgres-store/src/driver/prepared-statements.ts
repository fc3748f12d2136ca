import type { Driver } from './driver.ts'
import { sqlStateOf } from './sql-state.ts'

/** The pools behind a pooler without prepared statements, for all stores on them. */
const unprepared = new WeakSet<object>()

/**
 * Prepares statements by name. A pooler may not keep them: with `'auto'` they are then sent unnamed from there on, and the
 * process is warned once for a pool. Both errors come before a statement is carried out, so each is sent once more at once.
 *
 * @param mode `true` always prepares, `false` never does.
 */
export function withPrepared(driver: Driver, pool: object, mode: 'auto' | boolean): Driver {
  const generations = new Map<string, number>()

  function nameOf(name: string | null): string | null {
    if (name === null || mode === false || (mode === 'auto' && unprepared.has(pool))) return null
    const generation = generations.get(name)
    return generation === undefined ? name : `${name}_${generation}`
  }

  function sendUnnamed(error: unknown): void {
    if (mode !== 'auto' || unprepared.has(pool) || !isLost(error)) return
    unprepared.add(pool)
    warn()
  }

  return (sent, patience) => {
    const name = nameOf(sent.name)
    const { name: statement, text, values } = sent
    if (statement === null || name === null) return driver({ name: null, text, values }, patience)
    return driver({ name, text, values, onPreparedAgain: sendUnnamed }, patience).catch((error: unknown) => {
      if (isStale(error)) generations.set(statement, (generations.get(statement) ?? 0) + 1)
      else if (mode === 'auto' && isLost(error)) sendUnnamed(error)
      else throw error
      return driver({ name: null, text, values }, patience)
    })
  }
}

/** Another connection behind the pooler has it, or this one does not. */
function isLost(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state === '42P05' || state === '26000') return true
  return state === '08P01' && /prepared statement/i.test((error as Error).message)
}

/** The columns were altered since it was prepared. */
function isStale(error: unknown): boolean {
  return sqlStateOf(error) === '0A000' && /cached plan/.test((error as Error).message)
}

function warn(): void {
  const what = 'postgresStore: the pooler does not keep prepared statements, so they are sent unnamed from now on.'
  process.emitWarning(`${what} Say preparedStatements: false to begin so.`, { code: 'TESSERA_POSTGRES_STORE' })
}
