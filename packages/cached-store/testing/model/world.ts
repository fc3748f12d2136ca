import { StoreError } from '@tessera/core'
import type { ChangeFeed, Changes, OperationDeadline, TokenRecord, TokenStore } from '@tessera/core'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { createQuestions } from './questions.ts'
import type { Event } from './questions.ts'

/** An entry of the change feed. */
export interface Entry {
  readonly number: number
  readonly nonce: string
  readonly change: Change
}

/** What an entry announces. */
export type Change = { readonly digest: string } | { readonly owner: string }

/** The server that answers for the feed. */
export interface Server {
  readonly log: readonly Entry[]
  /** Names the history of its data. A replica that takes over begins another. */
  readonly history: string
  /** The history that the client found when it connected. */
  readonly historyAtConnection: string
}

export interface WorldSettings {
  /** How many entries the feed keeps. */
  readonly keeps: number
  /** How an entry of the feed is named by the server that shows it. */
  readonly revisionOf: (entry: Entry, server: Server) => string
  /** How many of the waits end by their deadline. */
  readonly lateAnswers: number
  /** Whether a failover takes away an entry of another token that everybody had seen. */
  readonly losesTail: boolean
  /**
   * Whether a replica that lacks the latest entry takes over from the server of the feed, and no connection ends. Records live
   * on other servers, and keep what was acknowledged.
   */
  readonly isReplaced: boolean
}

/**
 * A store of one token, with a change feed. An answer arrives at any time after the question, and is that of any state
 * that the store was in since: reading it earlier or later, or in another order than others, makes no other answer.
 */
export interface World {
  readonly store: Pick<TokenStore, 'findByDigest' | 'find'>
  readonly feed: ChangeFeed
  readonly withinDeadline: OperationDeadline
  /** Every answer that can arrive, and every fault that can happen. */
  events(): readonly Event[]
  /** The up-to-date answers to what was asked. */
  freshAnswers(): readonly Event[]
  revokeRecord(): void
  announce(change: Change): void
}

export const TOKEN: TokenRecord = sampleRecord()

export function createWorld({ keeps, revisionOf, lateAnswers, losesTail, isReplaced }: WorldSettings): World {
  const records = [TOKEN]
  const servers: Server[] = [
    {
      log: [{ number: 0, nonce: 'first', change: { digest: '' } }],
      history: 'first',
      historyAtConnection: 'first',
    },
  ]
  const questions = createQuestions()
  const { ask } = questions
  const deadlines = new Set<Event>()
  let late = 0
  let isTailLost = !losesTail
  let mayBeReplaced = isReplaced
  if (losesTail || isReplaced) announce({ digest: 'of another token' })

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

  function newest(server: Server): string {
    return revisionOf(server.log.at(-1) as Entry, server)
  }

  function changesSince(server: Server, revision: string): Changes {
    const place = server.log.findIndex((entry) => revisionOf(entry, server) === revision)
    if (place === -1) return { revision: newest(server), digests: 'reset' }
    const changes = server.log.slice(place + 1).map(({ change }) => change)
    return {
      revision: newest(server),
      digests: changes.flatMap((change) => ('digest' in change ? [change.digest] : [])),
      owners: changes.flatMap((change) => ('owner' in change ? [change.owner] : [])),
    }
  }

  function become(next: (server: Server) => Partial<Server>): void {
    const server = servers.at(-1) as Server
    servers.push({ ...server, ...next(server) })
  }

  function announce(change: Change): void {
    become(({ log }) => {
      const entry = { number: (log.at(-1) as Entry).number + 1, nonce: `nonce ${servers.length}`, change }
      return { log: [...log, entry].slice(-keeps) }
    })
  }

  function loseTail(): void {
    isTailLost = true
    become(({ log }) => ({ log: log.slice(0, -1) }))
  }

  function replace(): void {
    mayBeReplaced = false
    become(({ log }) => ({ log: log.slice(0, -1), history: 'second' }))
  }

  /** In a history that goes on, the entry of the revocation is there for good once it was acknowledged. */
  function canLoseTail(): boolean {
    const change = servers.at(-1)?.log.at(-1)?.change
    return !isTailLost && change !== undefined && 'digest' in change && change.digest !== TOKEN.digest
  }

  return {
    store: {
      findByDigest: (digests) => ask(records, (record) => (digests.includes(record.digest) ? record : null)),
      find: () => ask(records, (record) => record),
    },
    feed: {
      revision: () => ask(servers, newest),
      changesSince: (revision) => ask(servers, (server) => changesSince(server, revision)),
    },
    withinDeadline,
    events: () => [
      ...questions.answers(),
      ...(late < lateAnswers ? deadlines : []),
      ...(canLoseTail() ? [loseTail] : []),
      ...(mayBeReplaced ? [replace] : []),
    ],
    freshAnswers: questions.freshAnswers,
    revokeRecord() {
      if (records.length === 1) records.push({ ...TOKEN, revokedAt: 1 })
    },
    announce,
  }
}
