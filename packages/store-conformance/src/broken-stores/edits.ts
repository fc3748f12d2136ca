import type { Edit, TokenStore } from '@tessera/core'
import { factsOfEdit } from '../naive-store/changes-of-one.ts'
import { brokenIn, findIn, overwrite, roundTrip } from './broken.ts'
import type { BrokenStores } from './broken.ts'

/** A store that edits as if something else had been asked for. */
function editingAs(other: (edit: Edit) => Partial<Edit>): () => TokenStore {
  return brokenIn((store) => ({
    edit: (owner, id, edit) => store.edit(owner, id, { ...edit, ...other(edit) }),
  }))
}

const byLetter = (scopes: readonly string[]) => JSON.stringify(scopes.toSorted())

export const edits: BrokenStores = {
  'edits no name': editingAs(() => ({ name: null })),
  'edits no scopes': editingAs(() => ({ scopes: null })),
  'sorts the scopes of an edit': editingAs(({ scopes }) => ({
    scopes: scopes && { ...scopes, to: scopes.to.toSorted() },
  })),
  'edits whatever the scopes were': brokenIn((store, state) => ({
    edit(owner, id, edit) {
      const from = findIn(state, owner, id)?.scopes ?? []
      return store.edit(owner, id, { ...edit, scopes: edit.scopes && { ...edit.scopes, from } })
    },
  })),
  'compares scopes without regard to their order': brokenIn((store, state) => ({
    edit(owner, id, edit) {
      const scopes = findIn(state, owner, id)?.scopes ?? []
      const isSame = edit.scopes !== null && byLetter(edit.scopes.from) === byLetter(scopes)
      return store.edit(owner, id, isSame && edit.scopes ? { ...edit, scopes: { ...edit.scopes, from: scopes } } : edit)
    },
  })),
  'compares scopes, and then writes them': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const isSame = JSON.stringify(findIn(state, owner, id)?.scopes) === JSON.stringify(edit.scopes?.from)
      await roundTrip()
      const from = findIn(state, owner, id)?.scopes ?? []
      return store.edit(owner, id, isSame && edit.scopes ? { ...edit, scopes: { ...edit.scopes, from } } : edit)
    },
  })),
  'edits by read, merge and write': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const former = findIn(state, owner, id)
      await roundTrip()
      const facts = former && factsOfEdit(former, edit)
      if (former === null || facts === null || typeof facts === 'string') return store.edit(owner, id, edit)
      const record = overwrite(state, owner, id, { ...former, ...facts })
      return record === null ? { outcome: 'not_found' } : { outcome: 'done', record }
    },
  })),
  'takes an edit that is sent again for outdated': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const record = findIn(state, owner, id)
      const isOther = JSON.stringify(record?.scopes) !== JSON.stringify(edit.scopes?.from ?? record?.scopes)
      if (record === null || record.revokedAt !== null || !isOther) return store.edit(owner, id, edit)
      return { outcome: 'outdated', record }
    },
  })),
  'takes an edit for done whose scopes alone are so already': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const answer = await store.edit(owner, id, edit)
      const isSo = JSON.stringify(findIn(state, owner, id)?.scopes) === JSON.stringify(edit.scopes?.to)
      return answer.outcome === 'outdated' && isSo ? { ...answer, outcome: 'done' } : answer
    },
  })),
  'edits the name from wherever, where the scopes are so already': brokenIn((store, state) => ({
    edit(owner, id, edit) {
      const isSo = JSON.stringify(findIn(state, owner, id)?.scopes) === JSON.stringify(edit.scopes?.to)
      return store.edit(owner, id, isSo ? { ...edit, scopes: null } : edit)
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
