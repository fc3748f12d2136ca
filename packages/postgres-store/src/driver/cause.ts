import { sqlStateOf } from './sql-state.ts'

/** Facts of an error without rows, parameters or texts of statements. */
const FACTS = ['code', 'severity', 'schema', 'table', 'constraint', 'errno', 'syscall', 'address', 'port'] as const

/** Data exceptions and internal errors quote values in their messages. */
const QUOTES_VALUES = /^(?:22|XX)/
const MOST_CAUSES = 5

/**
 * The error of a driver, for a cause and for logs.
 *
 * Drivers put whole rows into `detail` and `where`, and statements with their parameters beside them. So this is another
 * error with the known facts alone.
 */
export function causeOf(error: unknown, depth = 0): Error {
  if (!(error instanceof Error)) return new Error('the driver failed, and named no error')
  const state = sqlStateOf(error)
  const isQuoting = state !== null && QUOTES_VALUES.test(state)
  const message = isQuoting ? `PostgreSQL reported ${state}; the message may quote a value` : messageOf(error)
  const inner: unknown = error.cause
  const hasCause = inner instanceof Error && depth < MOST_CAUSES
  const cause = new Error(message, hasCause ? { cause: causeOf(inner, depth + 1) } : undefined)
  cause.name = error.name
  if (!isQuoting && error.stack !== undefined) cause.stack = error.stack
  for (const fact of FACTS) {
    const value: unknown = Reflect.get(error, fact)
    if (typeof value === 'string' || typeof value === 'number') Object.assign(cause, { [fact]: value })
  }
  return cause
}

/** Node names no error of its own if several addresses were tried. */
function messageOf(error: Error): string {
  if (error.message !== '' || !(error instanceof AggregateError)) return error.message
  return error.errors.map((each: unknown) => (each instanceof Error ? each.message : 'an unknown error')).join('; ')
}
