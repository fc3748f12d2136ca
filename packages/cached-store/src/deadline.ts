import { StoreError, createDeadline } from '@tessera/core'

/**
 * Rejects with a StoreError when the work fails, or takes too long: then nothing that it still brings is used.
 *
 * @param operation What the store was asked to do, in the words that follow "failed to".
 */
export type WithinDeadline = <Answer>(operation: string, work: () => Promise<Answer>) => Promise<Answer>

export function deadlineOf(ms: number): WithinDeadline {
  const withinDeadline = createDeadline(ms)
  return (operation, work) =>
    withinDeadline(work, (cause) => (cause instanceof StoreError ? cause : new StoreError(operation, cause)))
}
