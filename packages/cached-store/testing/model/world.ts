import { StoreError } from '@tessera/core'
import type { ChangeFeed, Changes, TokenRecord, TokenStore } from '@tessera/core'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import type { WithinDeadline } from '../../src/deadline.ts'

/** Something that can happen next. */
export type Event = () => void

/** An entry of the change feed. */
export interface Entry {
  readonly number: number
  readonly nonce: string
  readonly digest: string
}

export interface WorldSettings {
  /** How many entries the feed keeps. */
  readonly keeps: number
  /** How an entry of the feed is named. */
  readonly revisionOf: (entry: Entry) => string
  /** How many of the waits end by their deadline. */
  readonly lateAnswers: number
  /** Whether a failover takes away an entry of another token that everybody had seen. */
  readonly losesTail: boolean
}

/**
 * A store of one token, with a change feed. An answer arrives at any time after the question, and is that of any state
 * that the store was in since: reading it earlier or later, or in another order than others, makes no other answer.
 */
export interface World {
  readonly store: Pick<TokenStore, 'findByDigest' | 'find'>
  readonly feed: ChangeFeed
  readonly withinDeadline: WithinDeadline
  /** Every answer that can arrive, and every fault that can happen. */
  events(): readonly Event[]
  /** The up-to-date answers to what was asked. */
  freshAnswers(): readonly Event[]
  revokeRecord(): void
  announce(digest: string): void
}

export const TOKEN: TokenRecord = sampleRecord()

export function createWorld({ keeps, revisionOf, lateAnswers, losesTail }: WorldSettings): World {
  const records = [TOKEN]
  const logs: (readonly Entry[])[] = [[{ number: 0, nonce: 'first', digest: '' }]]
  const questions = new Set<() => readonly Event[]>()
  const deadlines = new Set<Event>()
  let late = 0
  let isTailLost = !losesTail
  if (losesTail) announce('of another token')

  /** @param states All that the store was in so far, in one regard. */
  function ask<State, Answer>(states: readonly State[], answerOf: (state: State) => Answer): Promise<Answer> {
    const since = states.length - 1
    return new Promise((resolve) => {
      questions.add(answers)
      function answers(): readonly Event[] {
        return states.slice(since).map((state) => () => {
          questions.delete(answers)
          resolve(answerOf(state))
        })
      }
    })
  }

  function withinDeadline<Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      deadlines.add(pass)
      function pass(): void {
        late += 1
        deadlines.delete(pass)
        reject(new StoreError(operation, new Error('late')))
      }
      void work()
        .then(resolve, reject)
        .finally(() => deadlines.delete(pass))
    })
  }

  function newest(log: readonly Entry[]): string {
    return revisionOf(log.at(-1) as Entry)
  }

  function changesSince(log: readonly Entry[], revision: string): Changes {
    const place = log.findIndex((entry) => revisionOf(entry) === revision)
    const digests = place === -1 ? 'reset' : log.slice(place + 1).map(({ digest }) => digest)
    return { revision: newest(log), digests }
  }

  function announce(digest: string): void {
    const log = logs.at(-1) as readonly Entry[]
    const entry = { number: (log.at(-1) as Entry).number + 1, nonce: `nonce ${logs.length}`, digest }
    logs.push([...log, entry].slice(-keeps))
  }

  function loseTail(): void {
    isTailLost = true
    logs.push((logs.at(-1) as readonly Entry[]).slice(0, -1))
  }

  /** A failover that loses the revocation itself is the store's to prevent, by waiting for replicas. */
  function canLoseTail(): boolean {
    return !isTailLost && logs.at(-1)?.at(-1)?.digest !== TOKEN.digest
  }

  return {
    store: {
      findByDigest: (digests) => ask(records, (record) => (digests.includes(record.digest) ? record : null)),
      find: () => ask(records, (record) => record),
    },
    feed: {
      revision: () => ask(logs, newest),
      changesSince: (revision) => ask(logs, (log) => changesSince(log, revision)),
    },
    withinDeadline,
    events: () => [
      ...[...questions].flatMap((answers) => answers()),
      ...(late < lateAnswers ? deadlines : []),
      ...(canLoseTail() ? [loseTail] : []),
    ],
    freshAnswers: () => [...questions].flatMap((answers) => answers().slice(-1)),
    revokeRecord() {
      if (records.length === 1) records.push({ ...TOKEN, revokedAt: 1 })
    },
    announce,
  }
}
