import { warn } from './warn.ts'

/**
 * Calls a hook of the app. Whatever it throws or rejects with goes to `onError`, and nobody waits for it. A failure of
 * `onError` itself is a process warning.
 *
 * @param name The option of the hook, for what is no error: `createTokens: option "waitUntil"`.
 */
export function callHook(name: string, call: () => unknown, onError: (error: Error) => unknown): void {
  attempt(name, call, (error) => attempt('option "onError"', () => onError(error), warn))
}

function attempt(name: string, call: () => unknown, report: (error: Error) => void): void {
  const fail = (thrown: unknown) =>
    report(thrown instanceof Error ? thrown : new Error(`${name} threw`, { cause: thrown }))
  try {
    Promise.resolve(call()).catch(fail)
  } catch (thrown) {
    fail(thrown)
  }
}
