import type { Edit } from '@tessera/core'
import { factsOfEdit } from '../../src/model/naive-store/changes-of-one.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { brokenIn, findIn, overwrite, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A store that edits as if something else had been asked for. */
function editingAs(other: (edit: Edit) => Partial<Edit>): () => StepsOnStore {
  return brokenIn((store) => ({
    edit: (owner, id, edit) => store.edit(owner, id, { ...edit, ...other(edit) }),
  }))
}

export const edits: BrokenStores = {
  'edits no name': editingAs(() => ({ name: null })),
  'edits no scopes': editingAs(() => ({ scopes: null })),
  'sorts the scopes of an edit': editingAs(({ scopes }) => ({ scopes: scopes && scopes.toSorted() })),
  'lets an edit that may only narrow widen': editingAs(() => ({ narrowOnly: false })),
  'lets an edit add more than its ceiling': editingAs(() => ({ ceilings: [] })),
  'lets an edit add nothing of its ceiling': editingAs(({ ceilings }) => ({
    ceilings: ceilings.map((each) => ({ ...each, scopes: each.scopes && [] })),
  })),
  'looks at the scopes, and then writes them': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const before = findIn(state, owner, id)
      await roundTrip()
      const isNarrow = edit.scopes?.every((scope) => before?.scopes.includes(scope)) ?? true
      return store.edit(owner, id, isNarrow ? { ...edit, narrowOnly: false } : edit)
    },
  })),
  'edits by read, merge and write': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const former = findIn(state, owner, id)
      await roundTrip()
      const facts = former && factsOfEdit(former, edit)
      if (former === null || facts === null || typeof facts === 'string' || 'outcome' in facts) {
        return store.edit(owner, id, edit)
      }
      const record = overwrite(state, owner, id, { ...former, ...facts })
      return record === null ? { outcome: 'not_found' } : { outcome: 'done', record }
    },
  })),
  'refuses an edit that is sent again': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const record = findIn(state, owner, id)
      const isSo = record !== null && JSON.stringify(record.scopes) === JSON.stringify(edit.scopes)
      return isSo ? { outcome: 'not_allowed', record } : store.edit(owner, id, edit)
    },
  })),
  'touches a token that it need not edit': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const answer = await store.edit(owner, id, edit)
      if (answer.outcome !== 'done') return answer
      const record = overwrite(state, owner, id, { updatedAt: Math.max(edit.at, answer.record.updatedAt) })
      return record === null ? answer : { ...answer, record }
    },
  })),
  'moves updatedAt backwards by an edit': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const before = findIn(state, owner, id)
      const answer = await store.edit(owner, id, edit)
      if (answer.outcome !== 'done' || findIn(state, owner, id) === before) return answer
      const record = overwrite(state, owner, id, { updatedAt: edit.at })
      return record === null ? answer : { ...answer, record }
    },
  })),
  'edits revoked tokens': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const answer = await store.edit(owner, id, edit)
      if (answer.outcome !== 'not_allowed') return answer
      const record = overwrite(state, owner, id, { name: edit.name ?? answer.record.name })
      return record === null ? answer : { outcome: 'done', record }
    },
  })),
  'edits no suspended token': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const record = findIn(state, owner, id)
      const isSuspended = record !== null && record.suspendedAt !== null
      return isSuspended ? { outcome: 'not_allowed', record } : store.edit(owner, id, edit)
    },
  })),
}
