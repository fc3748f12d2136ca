/** Does the same work once for all that ask while it runs. The first one says how. */
export function shared<Args extends readonly unknown[], Result>(
  run: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let running: Promise<Result> | null = null
  return async (...args) => {
    running ??= run(...args).finally(() => {
      running = null
    })
    return running
  }
}
