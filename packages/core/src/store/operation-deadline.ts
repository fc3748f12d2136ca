import { asStoreError } from '../token/errors.ts'
import { createDeadline } from './deadline.ts'

/**
 * Rejects with a StoreError if the work fails, or takes too long. A later result is not used.
 *
 * @param operation The words that follow "failed to".
 */
export type OperationDeadline = <Answer>(operation: string, work: () => Promise<Answer>) => Promise<Answer>

/** For whoever calls a store that may have no deadline of its own. */
export function deadlineOf(ms: number): OperationDeadline {
  const withinDeadline = createDeadline(ms)
  return (operation, work) => withinDeadline(work, (cause) => asStoreError(operation, cause))
}
