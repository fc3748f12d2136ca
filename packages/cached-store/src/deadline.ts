import { StoreError } from '@tessera/core'

/**
 * Rejects with a StoreError when the work fails, or takes too long: then nothing that it still brings is used.
 *
 * @param operation What the store was asked to do, in the words that follow "failed to".
 */
export type WithinDeadline = <Answer>(operation: string, work: () => Promise<Answer>) => Promise<Answer>

export function createDeadline(ms: number): WithinDeadline {
  return (operation, work) =>
    new Promise((resolve, reject) => {
      function fail(cause: unknown): void {
        clearTimeout(timer)
        reject(cause instanceof StoreError ? cause : new StoreError(operation, cause))
      }
      const timer = setTimeout(() => fail(new Error(`no answer within ${ms} ms`)), ms)
      work().then((answer) => {
        clearTimeout(timer)
        resolve(answer)
      }, fail)
    })
}
