import type { Decision, Seen, TokenRecord } from '@tessera/core'
import { write } from '../../src/model/naive-store/state.ts'
import { changing, isSame, isSameOf, seenIn, writeAll } from './changing.ts'
import type { ChangingStore } from './changing.ts'

function idsOf({ put = [], add = [] }: Decision<unknown>): readonly string[] {
  return [...put, ...add].map(({ id }) => id)
}

/** Those of the shown tokens that a decision writes. */
function written({ records }: Seen, decision: Decision<unknown>): ReadonlyMap<string, TokenRecord> {
  return new Map([...records].filter(([id]) => idsOf(decision).includes(id)))
}

/** Stores that show and write in two trips, by what each does wrong. */
export const brokenChanges: Readonly<Record<string, () => ChangingStore>> = {
  'writes whatever has changed meanwhile': changing({ compares: () => true }),
  'compares only the tokens that it writes': changing({
    compares: (before, now, decision) =>
      isSame({ ...before, records: new Map() }, { ...now, records: new Map() }) &&
      isSameOf(written(before, decision), written(now, decision)),
  }),
  'adds a token over one that came meanwhile': changing({
    compares: (before, now, { add = [] }) => add.length > 0 || isSame(before, now),
    writes(state, owner, decision) {
      const ids = (decision.add ?? []).map(({ id }) => id)
      state.records = state.records.filter((record) => record.owner !== owner || !ids.includes(record.id))
      writeAll(state, owner, decision)
    },
  }),
  'compares no key': changing({ compares: (before, now) => isSame({ ...before, kept: null }, { ...now, kept: null }) }),
  'compares no count': changing({
    compares: (before, now) => isSame({ ...before, active: null }, { ...now, active: null }),
  }),
  'writes one part of a decision after the other': changing({
    writes(state, owner, { put = [], ...others }) {
      for (const record of put) write(state, record)
      writeAll(state, owner, others)
    },
  }),
  'shows no neighbours': changing({
    shows: ({ records }, { ids }) => ({ records: new Map([...records].filter(([id]) => ids.includes(id))) }),
  }),
  'shows the tokens of every owner': changing({
    shows: (_, wants, state) => ({
      records: new Map(state.records.filter(({ id }) => wants.ids.includes(id)).map((record) => [record.id, record])),
    }),
  }),
  'shows what is kept without regard to case': changing({
    shows: (_, wants, state, owner) => ({
      kept: seenIn(state, owner, { ...wants, key: wants.key && wants.key.toLowerCase() }).kept,
    }),
  }),
  'shows no sealed secret': changing({
    shows: ({ kept }) => {
      const isOfToken = kept !== null && kept.answer !== null && 'record' in kept.answer
      return isOfToken ? { kept: { ...kept, answer: { record: kept.answer.record } } } : {}
    },
  }),
  'shows only the counts to a decision that writes nothing': changing({
    shows: (_, { readOnly }) => (readOnly === true ? { records: new Map(), kept: null } : {}),
  }),
  'counts every token as active': changing({
    shows: ({ active }, _, state, owner) => ({
      active: active === null ? null : state.records.filter((record) => record.owner === owner).length,
    }),
  }),
  'counts the tokens of every prefix': changing({
    shows: (_, wants, state, owner) => {
      const prefixes = state.records.map(({ prefix }) => prefix)
      const active = wants.active && { ...wants.active, prefixes }
      return { active: seenIn(state, owner, { ids: [], key: null, ...(active && { active }) }).active }
    },
  }),
  'takes what a decision throws for an answer': changing({ catches: true }),
  'acknowledges before it announces': changing({ announces: 'late' }),
  'announces no owner': changing({
    writes(state, owner, decision) {
      Object.assign(decision, decision.announce === 'owner' && { announce: [] })
      writeAll(state, owner, decision)
    },
  }),
  'forgets what it owes': changing({ announces: 'never if it failed' }),
}
