import { NOTHING_MORE } from '../steps/decision/unused-successors.ts'
import type { More, Unseen } from '../steps/decision/unused-successors.ts'

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
    more = { ids: [...more.ids, ...answer.ids], counting: more.counting || answer.counting }
  }
}

interface Outcome {
  readonly outcome: string
}

function isUnseen(answer: Outcome): answer is Unseen {
  return answer.outcome === 'unseen'
}
