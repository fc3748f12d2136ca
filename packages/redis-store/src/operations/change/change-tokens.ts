import { setTimeout as wait } from 'node:timers/promises'
import { checkAwaited, createBatches, decideTogether, earliestEnd, wantedBy } from '@tessera/core'
import type { Answering, Call, TokenStore, Together } from '@tessera/core'
import type { Session } from '../../connection/session.ts'
import { announceDecision, owesAnything } from './announce-decision.ts'
import { createAnnounce } from './announce.ts'
import type { Announce } from './announce.ts'
import { confirmSeen } from './confirm-seen.ts'
import { joining } from './joining.ts'
import { showWanted } from './shown.ts'
import { isWritten, writeDecision, writesAnything } from './write-decision.ts'

const FREE_TRIES = 2
const LONGEST_WAIT_MS = 10

type CarryOut = (owner: string, calls: readonly Call[]) => Promise<readonly Answering[]>

/**
 * Shows, decides and writes. Begins again if anything shown has changed meanwhile. Then the feed announces the change,
 * and everything an earlier step still owes.
 */
export function createChange(session: Session): TokenStore['change'] {
  const announce = createAnnounce(session)
  const work: CarryOut = (owner, calls) => carryOut(session, announce, owner, calls)
  const batches = createBatches<Call>({ ...joining, carryOut: work })

  return async <Answer>(...[owner, wants, decide]: Parameters<TokenStore['change']>) => {
    const call: Call = { wants, decide, giveUpAt: session.giveUpAt(), isOver: false }
    try {
      const answer = await session.operate('change tokens', () =>
        wants.readOnly === true ? look(work, owner, call) : batches.enter(owner, call),
      )
      // `decide` made it.
      return answer() as Answer
    } finally {
      batches.leave(call)
    }
  }
}

/** What writes nothing waits for no other step. */
async function look(work: CarryOut, owner: string, call: Call): Promise<Answering> {
  const [answer] = await work(owner, [call])
  if (answer === undefined) throw new Error('a step was given no answer')
  return answer
}

async function carryOut(
  session: Session,
  announce: Announce,
  owner: string,
  calls: readonly Call[],
): Promise<readonly Answering[]> {
  const epoch = session.epoch()
  const wanted = wantedBy(calls)
  let former: Together | null = null
  for (let tries = 1; ; tries += 1) {
    // At random: of several that always wait alike, one would always come too late.
    if (tries > FREE_TRIES) await wait(Math.random() * LONGEST_WAIT_MS)
    checkAwaited(calls)
    const shown = await showWanted(session, owner, wanted)
    checkAwaited(calls)
    // A client whose connection was lost sends again what was not answered: then the change is this one.
    const isDone: boolean = former !== null && session.epoch() !== epoch && isWritten(former.decision, shown)
    const together: Together = former !== null && isDone ? former : decideTogether(calls, shown)
    const { decision, answers } = together
    if (
      isDone ||
      !writesAnything(decision) ||
      (await writeDecision(session, shown, decision, () => earliestEnd(calls)))
    ) {
      if (!writesAnything(decision)) await confirmSeen(session, owner)
      if (owesAnything(session, shown, decision, isDone))
        await announceDecision(session, announce, shown, decision, isDone)
      return answers
    }
    former = together
  }
}
