import { StoreError, createDeadline } from '@tessera/core'

/**
 * Rejects with a StoreError if the work fails, or takes too long. A later result is not used.
 *
 * @param operation The words that follow "failed to".
 */
export type WithinDeadline = <Answer>(operation: string, work: () => Promise<Answer>) => Promise<Answer>

export function deadlineOf(ms: number): WithinDeadline {
  const withinDeadline = createDeadline(ms)
  return (operation, work) =>
    withinDeadline(work, (cause) => (cause instanceof StoreError ? cause : new StoreError(operation, cause)))
}
