import type { TokenRecord } from '../../token/token.ts'
import type { Step } from './decision.ts'

/** The same step. Its answer also has the token as it was shown; `null` if it was not. */
export function withFormer<Answer>(
  id: string,
  { decide, ...step }: Step<Answer>,
): Step<{ readonly answer: Answer; readonly former: TokenRecord | null }> {
  return {
    ...step,
    decide(seen) {
      const decision = decide(seen)
      return { ...decision, answer: { answer: decision.answer, former: seen.records.get(id) ?? null } }
    },
  }
}
