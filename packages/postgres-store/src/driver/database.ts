/** A statement of the store, named by the hash of its text. Each row that it answers has one column, of text. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** A parameter: `text`, `bigint` or `int`, or `text[]`. */
export type Value = string | number | null | readonly string[]

/**
 * Runs one statement in a transaction of its own, and resolves to the column of its rows. Rejects with the driver's error,
 * and without sending the statement once the operation was given up.
 */
export type Query = (statement: Statement, values: readonly Value[]) => Promise<readonly (string | null)[]>

/** One pool of connections, of any driver. */
export interface Database {
  /**
   * Carries out the statements of an operation. Rejects with a StoreError named after it if they fail, or do not end
   * within the deadline. No cause holds a row or a parameter.
   */
  operate<Answer>(operation: string, work: (query: Query) => Promise<Answer>): Promise<Answer>
}
