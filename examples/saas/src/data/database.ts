import { StoreError } from '@tessera/core'
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
class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
}

/** Whether the database failed, asked by the app or by the store of its tokens. */
export function isDown(error: unknown): boolean {
  return error instanceof DatabaseError || error instanceof StoreError
}

/**
 * A value may be a part of a statement itself, such as a condition that two statements share.
 *
 * @example database.rows(sql`select name from people where id = ${id}`)
 */
export function sql(
  [first = '', ...following]: TemplateStringsArray,
  ...parts: readonly (Value | Statement)[]
): Statement {
  let last = first
  const texts: string[] = []
  const values: Value[] = []
  for (const [index, part] of parts.entries()) {
    const after = following[index] ?? ''
    if (part === null || typeof part !== 'object') {
      texts.push(last)
      values.push(part)
      last = after
    } else {
      const [start = '', ...more] = part.texts
      const all = [last + start, ...more]
      last = `${all.pop() ?? ''}${after}`
      texts.push(...all)
      values.push(...part.values)
    }
  }
  return { texts: [...texts, last], values }
}

/** Runs a statement of the driver. Its failures become a {@link DatabaseError}. */
export async function asking<Answer>(ask: () => Promise<Answer> | Answer): Promise<Answer> {
  try {
    return await ask()
  } catch (cause) {
    throw new DatabaseError('the database did not answer', { cause })
  }
}
