/** Something that can happen next. */
export type Event = () => void

/** Questions to a store under way. Each is answered at any time, by any state that the store was in since. */
export interface Questions {
  /** @param states All that the store was in so far, in one regard. */
  ask<State, Answer>(states: readonly State[], answerOf: (state: State) => Answer): Promise<Answer>
  /** Every answer that can arrive. */
  answers(): readonly Event[]
  /** The up-to-date ones. */
  freshAnswers(): readonly Event[]
}

export function createQuestions(): Questions {
  const questions = new Set<() => readonly Event[]>()
  return {
    ask(states, answerOf) {
      const since = states.length - 1
      return new Promise((resolve) => {
        questions.add(answers)
        function answers(): readonly Event[] {
          return states.slice(since).map((state) => () => {
            questions.delete(answers)
            resolve(answerOf(state))
          })
        }
      })
    },
    answers: () => [...questions].flatMap((answers) => answers()),
    freshAnswers: () => [...questions].flatMap((answers) => answers().slice(-1)),
  }
}
