import { deadlineOf } from '../store/operation-deadline.ts'
import type { GuardedStore } from './guard-store.ts'

/** How long an answer holds, from the beginning of its read. */
const SHARED_MS = 1_000
/** Below a second, so that an outage is known within two. */
const DEADLINE_MS = 800
/** Of nobody. */
const OWNER = 'tessera:ready'
const ID = 'none'

/** The verb `ready`. A failure is shared as well: an outage is no time for more calls. */
export function createReadiness(store: Pick<GuardedStore, 'find'>): () => Promise<void> {
  const withinDeadline = deadlineOf(DEADLINE_MS)
  let latest: { readonly at: number; readonly read: Promise<void> } | null = null

  async function read(): Promise<void> {
    await withinDeadline('answer a read', () => store.find(OWNER, ID))
  }

  return () => {
    const at = performance.now()
    if (latest === null || at - latest.at >= SHARED_MS) latest = { at, read: read() }
    return latest.read
  }
}
