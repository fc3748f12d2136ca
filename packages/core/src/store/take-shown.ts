import { NOTHING_MORE } from '../steps/decision/unused-successors.ts'
import type { More, Unseen } from '../steps/decision/unused-successors.ts'
import type { WithFormer } from '../steps/decision/with-former.ts'

/**
 * Takes a step, and takes it again with more to be shown as long as it asks for more. So all that it changes is changed at
 * once.
 */
export async function takeShown<Answer extends Outcome>(
  take: (more: More) => Promise<Answer | Unseen>,
): Promise<Answer> {
  for (let more = NOTHING_MORE; ; ) {
    const answer = await take(more)
    if (!isUnseen(answer)) return answer
    more = together(more, answer)
  }
}

/** The same for a step whose answer comes with the token. */
export async function takeShownWithFormer<Answer extends Outcome>(
  take: (more: More) => Promise<WithFormer<Answer | Unseen>>,
): Promise<WithFormer<Answer>> {
  for (let more = NOTHING_MORE; ; ) {
    const { answer, former } = await take(more)
    if (!isUnseen(answer)) return { answer, former }
    more = together(more, answer)
  }
}

interface Outcome {
  readonly outcome: string
}

function isUnseen(answer: Outcome): answer is Unseen {
  return answer.outcome === 'unseen'
}

function together(one: More, other: More): More {
  return { ids: [...one.ids, ...other.ids], counting: one.counting || other.counting }
}
