/**
 * Rejects when the work has not ended in time. The work itself goes on: a command that was sent cannot be called back,
 * and one that waits for a connection is the client's.
 *
 * @param describe Makes the error to reject with, of whatever the work rejected with or of the delay.
 */
export function withinDeadline<Answer>(
  ms: number,
  work: () => Promise<Answer>,
  describe: (cause: unknown) => Error,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(describe(cause))
    const timer = setTimeout(() => fail(new Error(`Redis did not answer within ${ms} ms`)), ms)
    work().then(
      (answer) => {
        clearTimeout(timer)
        resolve(answer)
      },
      (cause: unknown) => {
        clearTimeout(timer)
        fail(cause)
      },
    )
  })
}
