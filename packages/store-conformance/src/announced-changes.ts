import type { TokenRecord, TokenStore } from '@tessera/core'
import { changeAt, resumeAt, revocationAt, revokeAt, suspendAt } from './change-at.ts'
import { rotated, sampleRotation } from './sample-rotation.ts'
import { NOW, given, sampleDigest } from './sample-token.ts'

/** A change that the feed announces. */
export interface AnnouncedChange {
  /** Makes a token that can be changed so. */
  readonly prepare: (store: TokenStore, facts?: Partial<TokenRecord>) => Promise<TokenRecord>
  readonly make: (store: TokenStore, token: TokenRecord) => Promise<unknown>
}

type AnnouncedStep = 'revoke' | 'suspend' | 'resume' | 'edit' | 'rotate' | 'revokeAll' | 'rekey'

const EVERY = { exceptId: null, issuedBefore: null, scope: null }

/** The changes of which each announces the digest that the token had before. */
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
    make: (store, { owner, id }) => store.edit(owner, id, { ...changeAt(NOW + 5), name: 'renamed', scopes: null }),
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
