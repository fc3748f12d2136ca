import type { InsertConditions, TokenRecord } from '@tessera/core'
import { decideInsert, keepInserted } from '../../src/model/naive-store/insert.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken } from './broken.ts'

/** What an insert is decided by. */
export interface Grounds {
  readonly state: Readonly<NaiveState>
  readonly record: TokenRecord
  readonly conditions: InsertConditions
}

/** A store that decides about inserts on other grounds than those it has. */
export function deciding(mistake: (grounds: Grounds) => Partial<Grounds>): () => StepsOnStore {
  return broken((_store, state) => ({
    async insert(record, conditions) {
      const right: Grounds = { state, record, conditions }
      const grounds = { ...right, ...mistake(right) }
      const decision = decideInsert(grounds.state, grounds.record, grounds.conditions)
      if (decision.outcome === 'inserted') keepInserted(state, record, grounds.conditions)
      return decision
    },
  }))
}

/** The grounds with other tokens in the store. */
export function seeing({ state }: Grounds, tokenAs: (record: TokenRecord) => TokenRecord): Partial<Grounds> {
  return { state: { ...state, records: state.records.map(tokenAs) } }
}
