/**
 * Calls a hook of the app. Whatever it throws or rejects with goes to `onError`, and nobody waits for it.
 *
 * @param name The option of the hook, for what is no error: `createTokens: option "waitUntil"`.
 */
export function callHook(name: string, call: () => unknown, onError: (error: Error) => void): void {
  const errorOf = (thrown: unknown) =>
    thrown instanceof Error ? thrown : new Error(`${name} threw`, { cause: thrown })
  function report(thrown: unknown): void {
    try {
      onError(errorOf(thrown))
    } catch (fault) {
      process.emitWarning(errorOf(fault))
    }
  }
  try {
    Promise.resolve(call()).catch(report)
  } catch (thrown) {
    report(thrown)
  }
}
