import { setTimeout as wait } from 'node:timers/promises'
import type { Decision, TokenStore, Wants } from '@tessera/core'
import { announceDecision } from './announce-decision.ts'
import { createBatches, givenUp } from './batches.ts'
import type { Call } from './batches.ts'
import { confirmSeen } from './confirm-seen.ts'
import { decideTogether } from './decide-together.ts'
import type { Answering } from './decide-together.ts'
import type { Session } from '../../connection/session.ts'
import { showWanted } from './shown.ts'
import { isWritten, writeDecision } from './write-decision.ts'

const FREE_TRIES = 2
const LONGEST_WAIT_MS = 10

/**
 * Shows, decides and writes. Begins again if anything shown has changed meanwhile. Then the feed announces the change,
 * and everything an earlier step still owes.
 */
export function createChange(session: Session): TokenStore['change'] {
  const batches = createBatches((owner, wants, calls) => carryOut(session, owner, wants, calls))

  return async <Answer>(...[owner, wants, decide]: Parameters<TokenStore['change']>) => {
    const call: Call = { decide, giveUpAt: session.giveUpAt(), isOver: false, batch: null }
    const answering = session.operate('change tokens', () => batches.enter(owner, wants, call))
    const answer = await answering.finally(() => batches.leave(call))
    // `decide` made it.
    return answer() as Answer
  }
}

async function carryOut(
  session: Session,
  owner: string,
  wants: Wants,
  calls: readonly Call[],
): Promise<readonly Answering[]> {
  const epoch = session.epoch()
  let former: Decision<readonly Answering[]> | null = null
  for (let tries = 1; ; tries += 1) {
    // At random: of several that always wait alike, one would always come too late.
    if (tries > FREE_TRIES) await wait(Math.random() * LONGEST_WAIT_MS)
    checkAwaited(calls)
    const shown = await showWanted(session, owner, wants)
    checkAwaited(calls)
    // A client whose connection was lost sends again what was not answered: then the change is this one.
    const isDone: boolean = former !== null && session.epoch() !== epoch && isWritten(former, shown)
    const decision: Decision<readonly Answering[]> =
      former !== null && isDone ? former : decideTogether(calls.map(decideOf), shown.seen)
    const giveUpAt = Math.min(...calls.map((call) => (call.isOver ? Number.POSITIVE_INFINITY : call.giveUpAt)))
    if (isDone || (await writeDecision(session, owner, wants, shown, decision, giveUpAt))) {
      await confirmSeen(session, owner, decision)
      await announceDecision(session, owner, shown, decision)
      return decision.answer
    }
    former = decision
  }
}

/** After the last caller gave up, nothing more is written. */
function checkAwaited(calls: readonly Call[]): void {
  if (calls.every(({ isOver }) => isOver)) throw givenUp()
}

function decideOf({ decide, isOver }: Call): Call['decide'] {
  return isOver ? () => ({ answer: undefined }) : decide
}
