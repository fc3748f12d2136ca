import { setTimeout as wait } from 'node:timers/promises'
import { checkAwaited, createBatches, decideTogether, earliestEnd, insert, wantedBy } from '@tessera/core'
import type { Answering, Call, Decision, Seen, TokenStore, Wants } from '@tessera/core'
import type { Session, Statements } from '../session/session.ts'
import { isLate, joining } from './joining.ts'
import { createShow } from './shown.ts'
import { createWriteDecision } from './write-decision.ts'
import type { Expected, Lending, Range } from './write-decision.ts'

const OPERATION = 'change tokens'
const FREE_TRIES = 2
const LONGEST_WAIT_MS = 10

/** A call of `change`, or of `insert`. */
interface Own extends Call {
  readonly operation: string
  /** What an insert writes for an owner without tokens and requests: the write holds that the owner is below the limits. */
  readonly unseen: { readonly expected: Omit<Expected, 'history'>; readonly decision: Decision<unknown> } | undefined
}

/** The steps of tokens: each shows in one statement, decides, and compares and writes in another one. */
export function createChanges(session: Session, lending: Lending): Required<Pick<TokenStore, 'change' | 'insert'>> {
  const show = createShow(session)
  const write = createWriteDecision(session, lending)
  const batches = createBatches<Own>({ ...joining, carryOut })

  async function carryOut(owner: string, calls: readonly Own[]): Promise<readonly Answering[]> {
    const endOf = () => earliestEnd(calls)
    const work = (sql: Statements) => decideAndWrite(sql, owner, calls)
    const [{ operation, unseen } = { operation: OPERATION }] = calls
    if (calls.length > 1 || unseen === undefined) return session.change(operation, work, endOf)
    const writeAtOnce = async (sql: Statements) => {
      const expected = { ...unseen.expected, history: await sql.server() }
      const isWritten = await write(sql, owner, wantedBy(calls), expected, unseen.decision)
      return isWritten ? [() => unseen.decision.answer] : null
    }
    return session.insert(operation, writeAtOnce, work, endOf)
  }

  async function decideAndWrite(sql: Statements, owner: string, calls: readonly Own[]): Promise<readonly Answering[]> {
    const wanted = wantedBy(calls)
    for (let tries = 1; ; tries += 1) {
      // At random: of several that always wait alike, one would always come too late.
      if (tries > FREE_TRIES) await wait(Math.random() * LONGEST_WAIT_MS)
      checkAwaited(calls)
      const shown = await show(sql, owner, wanted)
      checkAwaited(calls)
      const { decision, answers } = decideTogether(calls, shown)
      const expected = { ...shown, active: exactly(shown.counts), keys: exactly(shown.keyCounts) }
      if (isEmpty(decision) || (await writeInTime(sql, owner, calls, expected, decision))) return answers
    }
  }

  /** Others do not give up with the first one. */
  async function writeInTime(
    sql: Statements,
    owner: string,
    calls: readonly Own[],
    expected: Expected,
    decision: Decision<unknown>,
  ): Promise<boolean> {
    const end = earliestEnd(calls)
    try {
      return await write(sql, owner, wantedBy(calls), expected, decision)
    } catch (error) {
      if (!isLate(error) || calls.every(({ isOver, giveUpAt }) => isOver || giveUpAt <= end)) throw error
      for (const call of calls) if (call.giveUpAt <= end) call.isOver = true
      return false
    }
  }

  async function enter(
    owner: string,
    operation: string,
    wants: Wants,
    decide: (seen: Seen) => Decision<unknown>,
    unseen?: Own['unseen'],
  ): Promise<unknown> {
    const call: Own = {
      operation,
      wants,
      decide,
      giveUpAt: session.giveUpAt(),
      isOver: false,
      unseen,
    }
    try {
      const answer = await session.operate(operation, async (sql) => {
        // What writes nothing waits for no lane, and for no other change.
        if (wants.readOnly === true) return (await decideAndWrite(sql, owner, [call]))[0]
        const answering = await batches.enter(owner, call)
        checkAwaited([call])
        return answering
      })
      return answer?.()
    } finally {
      batches.leave(call)
    }
  }

  return {
    async change<Answer>(...[owner, wants, decide]: Parameters<TokenStore['change']>) {
      // `decide` made it.
      return (await enter(owner, OPERATION, wants, decide)) as Answer
    },
    async insert(record, conditions) {
      const { owner } = record
      const { wants, decide } = insert(record, conditions)
      const { active, keysAt } = wants
      const decision = decide({
        records: new Map(),
        kept: null,
        active: active === undefined ? null : 0,
        keys: keysAt === undefined ? null : 0,
      })
      const expected = {
        versions: new Map(),
        keptVersion: null,
        active: below(active?.at, conditions.activeLimit),
        keys: below(keysAt, conditions.idempotency?.limit),
      }
      const unseen = decision.answer.outcome === 'inserted' ? { expected, decision } : undefined
      return (await enter(owner, 'insert a token', wants, decide, unseen)) as typeof decision.answer
    },
  }
}

function isEmpty({ put = [], add = [], keep, announce = [] }: Decision<unknown>): boolean {
  return put.length === 0 && add.length === 0 && keep === undefined && announce.length === 0
}

function exactly(counts: ReadonlyMap<number, number>): Expected['active'] {
  return new Map([...counts].map(([at, count]) => [at, [count, count]]))
}

function below(at: number | undefined, limit: number | null | undefined): ReadonlyMap<number, Range> {
  return new Map(at === undefined ? [] : [[at, [0, (limit ?? 0) - 1]]])
}
