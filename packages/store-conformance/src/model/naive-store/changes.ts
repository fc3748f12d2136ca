import type { Changes } from '@tessera/core'
import { newRevision } from './state.ts'
import type { LoggedChange, NaiveState } from './state.ts'

/** How the naive store's change feed is declared. */
export const NAIVE_FEED = { keeps: 200 }

const MOST_TOLD_SINGLY = 20

export function newestRevision({ changes }: NaiveState): string {
  return changes.at(-1)?.revision ?? ''
}

export function announce(state: NaiveState, digest: string): void {
  append(state, { revision: nextRevision(state), digest })
}

export function announceOwner(state: NaiveState, owner: string): void {
  append(state, { revision: nextRevision(state), owner })
}

/** Announces each digest if they are few, else the owner. */
export function announceBulk(state: NaiveState, owner: string, digests: readonly string[]): void {
  if (digests.length > MOST_TOLD_SINGLY) announceOwner(state, owner)
  else for (const digest of digests) announce(state, digest)
}

function append(state: NaiveState, change: LoggedChange): void {
  state.changes = [...state.changes, change].slice(-NAIVE_FEED.keeps - 1)
}

function nextRevision(state: NaiveState): string {
  return newRevision(Number.parseInt(newestRevision(state), 10) + 1)
}

export function changesSince(state: NaiveState, revision: string): Changes {
  const known = state.changes.findIndex((change) => change.revision === revision)
  if (known === -1) return { revision: newestRevision(state), digests: 'reset' }
  const changes = state.changes.slice(known + 1)
  const digests = changes.flatMap((change) => ('digest' in change ? [change.digest] : []))
  const owners = changes.flatMap((change) => ('owner' in change ? [change.owner] : []))
  return { revision: newestRevision(state), digests, ...(owners.length > 0 && { owners }) }
}
