/** A function whose calls wait until the test answers them. */
export interface AnsweredByHand<Args extends unknown[], Answer> {
  readonly ask: (...args: Args) => Promise<Answer>
  /** What it was asked so far. */
  readonly asked: readonly Args[]
  /** Answers the call that came first of those that wait. */
  answer(answer: Answer): void
  fail(error: Error): void
}

export function answeredByHand<Args extends unknown[], Answer>(): AnsweredByHand<Args, Answer> {
  const asked: Args[] = []
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = []

  function first(): (typeof waiting)[number] {
    const call = waiting.shift()
    if (call === undefined) throw new Error('nobody waits for an answer')
    return call
  }

  return {
    asked,
    ask(...args) {
      asked.push(args)
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
      })
    },
    answer: (answer) => first().resolve(answer),
    fail: (error) => first().reject(error),
  }
}
