import { randomUUID } from 'node:crypto'
import type { Changes } from '@tessera/core'
import type { NaiveState } from './state.ts'

/** A revision, and the digest whose change led to it. */
export interface LoggedChange {
  readonly revision: string
  readonly digest: string
}

/** How the naive store's change feed is declared. */
export const NAIVE_FEED = { keeps: 200 }

export function newestRevision({ changes }: NaiveState): string {
  return changes.at(-1)?.revision ?? ''
}

export function announce(state: NaiveState, digest: string): void {
  const revision = newRevision(Number.parseInt(newestRevision(state), 10) + 1)
  state.changes = [...state.changes, { revision, digest }].slice(-NAIVE_FEED.keeps - 1)
}

export function changesSince(state: NaiveState, revision: string): Changes {
  const known = state.changes.findIndex((change) => change.revision === revision)
  const digests = known === -1 ? 'reset' : state.changes.slice(known + 1).map(({ digest }) => digest)
  return { revision: newestRevision(state), digests }
}

export function newRevision(count: number): string {
  return `${count}-${randomUUID()}`
}
