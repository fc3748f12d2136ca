import type { TokenStore } from '@tessera/core'

export type Value = string | number | null

/** A statement of SQL with its values apart, so that none of them is read as SQL. */
export interface Statement {
  readonly texts: readonly string[]
  readonly values: readonly Value[]
}

/** The database of the app, and the token store beside its tables. SQLite and PostgreSQL look the same from here. */
export interface Database {
  readonly store: TokenStore
  /** The rows of one statement. */
  rows<Row>(statement: Statement): Promise<readonly Row[]>
  /** Runs all statements in one transaction, and answers the rows of each. */
  batch<Row>(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>
  close(): Promise<void>
}

/** The database did not answer, or did not confirm. Over HTTP this is 503. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
}

/** @example database.rows(sql`select name from people where id = ${id}`) */
export function sql(texts: TemplateStringsArray, ...values: readonly Value[]): Statement {
  return { texts, values }
}

/** Runs a statement of the driver. Its failures become a {@link DatabaseError}. */
export async function asking<Answer>(ask: () => Promise<Answer> | Answer): Promise<Answer> {
  try {
    return await ask()
  } catch (cause) {
    throw new DatabaseError('the database did not answer', { cause })
  }
}
