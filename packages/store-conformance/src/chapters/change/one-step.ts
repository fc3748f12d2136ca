import type { Decision, Kept, Seen, TokenRecord, TokenStore, Wants } from '@tessera/core'
import type { Stage } from '../../stage/store-under-test.ts'
import { NOW, OWNER } from '../../steps/sample-token.ts'

/** How often a race is run. */
export const ROUNDS = 10
export const CONTENDERS = 8

export function wanting(ids: readonly string[], wants: Partial<Wants> = {}): Wants {
  return { ids, key: null, ...wants }
}

/** The data shown to a step without a change. */
export function look(store: TokenStore, wants: Wants, owner: string = OWNER): Promise<Seen> {
  return store.change(owner, wants, (seen) => ({ answer: seen }))
}

export function shown({ records }: Seen, { id }: TokenRecord): TokenRecord {
  const record = records.get(id)
  if (record === undefined) throw new Error(`change did not show the token ${id}, which it was asked for`)
  return record
}

export function keptUnder(key: string, record: TokenRecord, sealed?: string): Kept {
  const answer = sealed === undefined ? { record } : { record, sealed }
  return { key, fingerprint: 'fingerprint', expiresAt: NOW + 1_000, answer }
}

export function storeIn([store]: readonly TokenStore[]): TokenStore {
  if (store === undefined) throw new RangeError('there is no store')
  return store
}

/** Has all contenders decide at the same time, spread over the handles. */
export function contend<Answer>(
  { stores }: Pick<Stage, 'stores'>,
  step: (store: TokenStore, number: number) => Promise<Answer>,
  count: number = CONTENDERS,
): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, number) => {
      const store = stores[number % stores.length]
      return step(store ?? storeIn(stores), number)
    }),
  )
}

/** The later state of a token, renamed if the rule gives a name. */
export function renaming(
  record: TokenRecord,
  name: string | null,
  announce: readonly string[] = [record.digest],
): Decision<boolean> {
  return name === null ? { answer: false } : { answer: true, put: [{ ...record, name }], announce }
}
