import { isStorable, parseStored } from '@tessera/core'
import type { Database, Query, Statement, Value } from '../driver/database.ts'
import { statement } from '../driver/statement.ts'
import { createHistories } from './histories.ts'
import { lanesOf } from './lanes.ts'
import type { Place } from './lanes.ts'
import { createServerClock } from './server-clock.ts'

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
  /** The history of the server whose clock is known. Asks for it if there is none. */
  server(): Promise<string>
  /**
   * When nobody waits for the operation any more, by the clock of the server with this history, in epoch milliseconds: a change takes
   * no effect then, wherever it has waited. `null` if that is not known, as another server has answered since.
   */
  until(history: string): number | null
}

/** The way of a store to its database. */
export interface Session extends Pick<SessionSettings, 'changesKept'> {
  /** A statement that answers one text. A table or a function is named `{name}`. */
  define(text: string): Statement
  /** Carries out an operation within the deadline. Rejects with a StoreError. */
  operate<Answer>(operation: string, work: (sql: Statements) => Promise<Answer>): Promise<Answer>
  /**
   * The same for one that changes something, when a lane is free.
   *
   * @param giveUpAt When the first of those who wait for it gives up, by this process' monotonic clock. Left out, after the
   * deadline.
   */
  change<Answer>(
    operation: string,
    work: (sql: Statements) => Promise<Answer>,
    giveUpAt?: () => number,
  ): Promise<Answer>
  /**
   * The same for a new token: it announces nothing, and so waits for no other owner's change and for no lane. If this work
   * resolves to null, it is done by the other, with a lane and within the same deadline.
   */
  insert<Answer>(
    operation: string,
    work: (sql: Statements) => Promise<Answer | null>,
    otherwise: (sql: Statements) => Promise<Answer>,
    giveUpAt: () => number,
  ): Promise<Answer>
  /** When an operation that begins now is given up, by this process' monotonic clock. */
  giveUpAt(): number
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

/** After its last look at the clock, a server still writes its log, as a rule in less. */
const COMMIT_MS = 5

/** Work that waits for its turn. */
type Turn<Answer> = readonly [isQuick: boolean, work: (sql: Statements) => Promise<Answer | null>]

export function createSession(pool: object, database: Database, settings: SessionSettings): Session {
  const { schema, deadlineMs, changesKept } = settings
  const define: Session['define'] = (text) => statement(UNCACHED + text.replaceAll(/\{(\w+)\}/g, `"${schema}".$1`))
  const askServer = define('select json_build_array({server_v1}())::text')
  const histories = createHistories()
  const clock = createServerClock()
  const lanes = lanesOf(pool)

  const giveUpAt = () => performance.now() + deadlineMs

  function statementsOn(query: Query, endOf: () => number): Statements {
    async function run(statement: Statement, values: readonly Value[]): Promise<string> {
      if (!values.every(isSendable)) throw new TypeError('a text with NUL or a lone surrogate cannot be kept')
      const [text = null] = await query(statement, values)
      if (text === null) throw new Error('the database answered nothing')
      return text
    }
    const read: Statements['read'] = async (statement, values) => {
      const askedAt = performance.now()
      const answer = parseStored(await run(statement, values)) as readonly [
        server: readonly [history: string | null, ms: number],
        ...results: unknown[],
      ]
      const [[told, ms], ...results] = answer
      const history = histories.meet(told)
      clock.learn(history, ms, askedAt, performance.now())
      return [history, ...results]
    }
    return {
      run,
      read,
      server: async () => clock.server(performance.now()) ?? (await read(askServer, []))[0],
      until: (history) => clock.read(history, endOf() - COMMIT_MS, performance.now()),
    }
  }

  function operate<Answer>(operation: string, work: (sql: Statements) => Promise<Answer>, endOf?: () => number) {
    const own = giveUpAt()
    return database.operate(operation, (query) => work(statementsOn(query, endOf ?? (() => own))))
  }

  async function carryOut<Answer>(operation: string, turns: readonly Turn<Answer>[], endOf?: () => number) {
    const places: Place[] = []
    let isOver = false
    try {
      return await operate(
        operation,
        async (sql) => {
          for (const [isQuick, work] of turns) {
            if (isOver) break
            if (!isQuick) {
              const place = lanes.queue()
              places.push(place)
              await place.begun
            }
            const answer = await work(sql)
            if (answer !== null) return answer
          }
          throw new Error('the operation was given up')
        },
        endOf,
      )
    } finally {
      isOver = true
      for (const place of places) place.leave()
    }
  }

  return {
    changesKept,
    define,
    operate,
    change: (operation, work, endOf) => carryOut(operation, [[false, work]], endOf),
    insert(operation, work, otherwise, endOf) {
      const turns = [[true, work] as const, [false, otherwise] as const]
      return carryOut(operation, turns, endOf)
    },
    giveUpAt,
    history: histories.name,
  }
}

function isSendable(value: Value): boolean {
  if (typeof value === 'string') return isStorable(value)
  return !Array.isArray(value) || value.every(isStorable)
}
