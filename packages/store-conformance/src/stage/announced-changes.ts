import type { TokenRecord } from '@tessera/core'
import { editAt, resumeAt, revocationAt, revokeAt, suspendAt } from '../steps/change-at.ts'
import { rotated, sampleRotation } from '../steps/sample-rotation.ts'
import { NOW, given, sampleDigest } from '../steps/sample-token.ts'
import type { StepsOnStore } from '../steps/steps-on.ts'

/** A change announced by the feed. */
export interface AnnouncedChange {
  /** Makes a token for this change. */
  readonly prepare: (store: StepsOnStore, facts?: Partial<TokenRecord>) => Promise<TokenRecord>
  readonly make: (store: StepsOnStore, token: TokenRecord) => Promise<unknown>
}

type AnnouncedStep = 'revoke' | 'suspend' | 'resume' | 'edit' | 'rotate' | 'revokeAll' | 'rekey'

const EVERY = { exceptId: null, issuedBefore: null, scope: null }

/** The changes that announce the token's digest from before. */
export const ANNOUNCED_CHANGES: Readonly<Record<AnnouncedStep, AnnouncedChange>> = {
  revoke: {
    prepare: given,
    make: (store, { owner, id }) => revokeAt(store, owner, id, NOW + 5),
  },
  suspend: {
    prepare: given,
    make: (store, { owner, id }) => suspendAt(store, owner, id, NOW + 5),
  },
  resume: {
    prepare: (store, facts) => given(store, { ...facts, suspendedAt: NOW }),
    make: (store, { owner, id }) => resumeAt(store, owner, id, NOW + 5),
  },
  edit: {
    prepare: given,
    make: (store, { owner, id }) => store.edit(owner, id, editAt(NOW + 5, { name: 'renamed' })),
  },
  rotate: {
    prepare: given,
    make: (store, { owner, id }) => store.rotate(owner, id, sampleRotation()),
  },
  revokeAll: {
    prepare: given,
    make: (store, { owner }) => store.revokeAll(owner, { ...revocationAt(NOW + 5), ...EVERY }),
  },
  rekey: {
    prepare: given,
    make: (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`)),
  },
}

/** The completion of a rotation by the use of the successor. It announces two tokens: the predecessor comes first. */
export const COMPLETION: AnnouncedChange = {
  prepare: async (store, facts) => (await rotated(store, await given(store, facts))).record,
  make: (store, { owner, rotatedTo }) => store.completeRotation(owner, rotatedTo ?? '', NOW + 5),
}
