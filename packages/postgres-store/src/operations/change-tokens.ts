import { setTimeout as wait } from 'node:timers/promises'
import { insert } from '@tessera/core'
import type { Decision, Seen, TokenStore, Wants } from '@tessera/core'
import type { Session, Statements } from '../session/session.ts'
import { createShow } from './shown.ts'
import { createWriteDecision } from './write-decision.ts'
import type { Range } from './write-decision.ts'

const OPERATION = 'change tokens'
const FREE_TRIES = 2
const LONGEST_WAIT_MS = 10

/** The steps of tokens: each shows in one statement, decides, and compares and writes in another one. */
export function createChanges(session: Session): Required<Pick<TokenStore, 'change' | 'insert'>> {
  const show = createShow(session)
  const write = createWriteDecision(session)

  /** What writes nothing waits for no lane, and for no other change. */
  function inTurn<Answer>(owner: string, { readOnly }: Wants, work: (sql: Statements) => Promise<Answer>) {
    if (readOnly === true) return session.operate(OPERATION, work)
    return session.change(OPERATION, owner, work)
  }

  async function decideAndWrite<Answer>(
    sql: Statements,
    owner: string,
    wants: Wants,
    decide: (seen: Seen) => Decision<Answer>,
  ): Promise<Outcome<Answer>> {
    for (let tries = 1; ; tries += 1) {
      // At random: of several that always wait alike, one would always come too late.
      if (tries > FREE_TRIES) await wait(Math.random() * LONGEST_WAIT_MS)
      const shown = await show(sql, owner, wants)
      const { active, keys } = shown.seen
      const decided = outcomeOf(() => decide(shown.seen))
      if ('error' in decided) return decided
      const { answer: decision } = decided
      const expected = { ...shown, active: exactly(active), keys: exactly(keys) }
      if (isEmpty(decision) || (await write(sql, owner, wants, expected, decision))) return { answer: decision.answer }
    }
  }

  return {
    async change(owner, wants, decide) {
      const work = (sql: Statements) => decideAndWrite(sql, owner, wants, decide)
      return answerOf(await inTurn(owner, wants, work))
    },
    /** Decides as for an owner without tokens and requests. The write holds that the owner is below the limits. */
    async insert(record, conditions) {
      const { owner } = record
      const { wants, decide } = insert(record, conditions)
      const { active, keysAt } = wants
      const [none, below] = [0, (limit: number | null | undefined) => [0, (limit ?? 0) - 1] as const]
      const seen = {
        records: new Map(),
        kept: null,
        active: active === undefined ? null : none,
        keys: keysAt === undefined ? null : none,
      }
      const decision = decide(seen)
      const expected = {
        versions: new Map(),
        keptVersion: null,
        active: active === undefined ? null : below(conditions.activeLimit),
        keys: keysAt === undefined ? null : below(conditions.idempotency?.limit),
      }
      const writeAtOnce = async (sql: Statements) => {
        if (decision.answer.outcome !== 'inserted') return null
        const history = await sql.server()
        return (await write(sql, owner, wants, { ...expected, history }, decision)) ? { answer: decision.answer } : null
      }
      const work = (sql: Statements) => decideAndWrite(sql, owner, wants, decide)
      return answerOf(await session.insert('insert a token', owner, writeAtOnce, work))
    },
  }
}

function isEmpty({ put = [], add = [], keep, announce = [] }: Decision<unknown>): boolean {
  return put.length === 0 && add.length === 0 && keep === undefined && announce.length === 0
}

/** What the decision throws is no failure of the store. */
type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown }

function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if ('error' in outcome) throw outcome.error
  return outcome.answer
}

function outcomeOf<Answer>(work: () => Answer): Outcome<Answer> {
  try {
    return { answer: work() }
  } catch (error) {
    return { error }
  }
}

function exactly(count: number | null): Range | null {
  return count === null ? null : [count, count]
}
