const SQL_STATE = /^[0-9A-Z]{5}$/

/** The SQLSTATE of an error that the server reported; `null` for one of the driver or the network. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown }
  return typeof severity === 'string' && typeof code === 'string' && SQL_STATE.test(code) ? code : null
}

/**
 * Whether a connection is as good as before: the server refused one statement. Not if the server ends the connection, is
 * another one than wanted, or is inside a transaction. A server may word the severity in any language, and its state in one.
 */
export function isOrdinary(error: Error): boolean {
  const state = sqlStateOf(error)
  return state !== null && !/^(?:08|25|57P|58|XX)/.test(state)
}
