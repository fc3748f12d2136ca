import { isStorable, parseStored } from '@tessera/core'
import type { Database, Query, Statement, Value } from '../driver/database.ts'
import { statement } from '../driver/statement.ts'
import { createHistories } from './histories.ts'
import { lanesOf } from './lanes.ts'

export interface SessionSettings {
  readonly schema: string
  readonly deadlineMs: number
  readonly changesKept: number
}

/** The statements of one operation. */
export interface Statements {
  /**
   * Runs a statement that answers a JSON array: the history of the server, then its results.
   *
   * @throws Error for an answer of a standby
   */
  read(statement: Statement, values: readonly Value[]): Promise<readonly [history: string, ...results: unknown[]]>
  /** Runs a statement, and resolves to its text. */
  run(statement: Statement, values: readonly Value[]): Promise<string>
  /**
   * A value: how many milliseconds the server may spend on a change when it is sent. Nobody waits for it afterwards, so it takes no
   * effect then.
   */
  readonly msLeft: () => number
}

/** The way of a store to its database. */
export interface Session extends Pick<SessionSettings, 'changesKept'> {
  /** A statement that answers one text. A table or a function is named `{name}`. */
  define(text: string): Statement
  /** Carries out an operation within the deadline. Rejects with a StoreError. */
  operate<Answer>(operation: string, work: (sql: Statements) => Promise<Answer>): Promise<Answer>
  /**
   * The same for one that changes something, when a lane is free. Changes of one owner follow each other: of two at once,
   * the later would only be shown what the earlier is about to replace.
   */
  change<Answer>(operation: string, owner: string | null, work: (sql: Statements) => Promise<Answer>): Promise<Answer>
  /** The same for a new token: it announces nothing, and so waits for no other owner's change and for no lane. */
  insert: Session['change']
  /** Names the present history of the server. */
  history(): string
}

/**
 * A proxy may keep the answer to a SELECT, and would accept a revoked token. It passes over statements that name a volatile
 * function of PostgreSQL. The server itself passes over a part of a statement that nothing refers to.
 *
 * @see https://developers.cloudflare.com/hyperdrive/concepts/query-caching/
 */
const UNCACHED = 'with uncached as (select clock_timestamp()) '

/** What is sent begins so much later at most, as a rule. */
const ON_THE_WAY_MS = 5

export function createSession(pool: object, database: Database, settings: SessionSettings): Session {
  const { schema, deadlineMs, changesKept } = settings
  const histories = createHistories()
  const lanes = lanesOf(pool)

  function statementsOn(query: Query): Statements {
    const giveUpAt = performance.now() + deadlineMs
    async function run(statement: Statement, values: readonly Value[]): Promise<string> {
      if (!values.every(isSendable)) throw new TypeError('a text with NUL or a lone surrogate cannot be kept')
      const [text = null] = await query(statement, values)
      if (text === null) throw new Error('the database answered nothing')
      return text
    }
    return {
      run,
      msLeft: () => Math.max(1, Math.floor(giveUpAt - performance.now() - ON_THE_WAY_MS)),
      async read(statement, values) {
        const answer = parseStored(await run(statement, values)) as readonly [string | null, ...unknown[]]
        const [history, ...results] = answer
        return [histories.meet(history), ...results]
      },
    }
  }

  const operate: Session['operate'] = (operation, work) =>
    database.operate(operation, (query) => work(statementsOn(query)))

  const inTurn = (isQuick: boolean): Session['change'] =>
    async function carryOut(operation, owner, work) {
      const place = lanes.queue(owner, isQuick)
      try {
        return await operate(operation, async (sql) => {
          await place.begun
          return work(sql)
        })
      } finally {
        place.leave()
      }
    }

  return {
    changesKept,
    define: (text) => statement(UNCACHED + text.replaceAll(/\{(\w+)\}/g, `"${schema}".$1`)),
    operate,
    change: inTurn(false),
    insert: inTurn(true),
    history: histories.name,
  }
}

function isSendable(value: Value): boolean {
  if (typeof value === 'string') return isStorable(value)
  return !Array.isArray(value) || value.every(isStorable)
}
