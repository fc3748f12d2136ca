import type { TokenRecord } from '../../token/token.ts'
import type { Step } from './decision.ts'

/** An answer, and the token as the step was shown it; `null` if it was not. */
export interface WithFormer<Answer> {
  readonly answer: Answer
  readonly former: TokenRecord | null
}

/** The same step. Its answer comes with the token. */
export function withFormer<Answer>(id: string, { operation, wants, decide }: Step<Answer>): Step<WithFormer<Answer>> {
  return {
    operation,
    wants,
    decide(seen) {
      const decision = decide(seen)
      return { ...decision, answer: { answer: decision.answer, former: seen.records.get(id) ?? null } }
    },
  }
}
