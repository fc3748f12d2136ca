/** A statement of the store, named by the hash of its text. Each row that it answers has one column, of text. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** A parameter: `text`, `bigint` or `int`, or `text[]`. */
export type Value = string | number | null | readonly string[]

/** One pool of connections, of any driver. */
export interface Database {
  /**
   * Runs one statement in a transaction of its own. Resolves to the column of its rows. Rejects with the driver's error,
   * without the rows and values in it.
   */
  query(statement: Statement, values: readonly Value[]): Promise<readonly (string | null)[]>
  /**
   * Carries out the statements of an operation. Rejects with a StoreError named after it if they fail, or do not end
   * within the deadline.
   */
  operate<Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer>
}
