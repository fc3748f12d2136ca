import type { TokenRecord } from '@tessera/core'
import { shardOf } from '@tessera/core'
import {
  changeAt,
  editAt,
  everyAt,
  retentionAt,
  revocationAt,
  sampleRotation,
} from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import type { OpenStore } from './open-store.ts'

const KEY = { key: 'a key', fingerprint: 'f', expiresAt: NOW + 1 }
const OLDEST_FIRST = { by: 'createdAt', direction: 'asc' } as const
const ALL = { now: NOW, statuses: null, name: null, sort: OLDEST_FIRST, window: 'all' } as const

type Operation = (store: OpenStore, token: TokenRecord) => Promise<unknown>

/** What is answered with nothing if Redis replies nil. */
export const READS: Readonly<Record<string, Operation>> = {
  findByDigest: (store, { digest, owner }) => store.findByDigest([digest], shardOf(owner)),
  find: (store, { owner, id }) => store.find(owner, id),
  findRequest: (store, { owner }) => store.findRequest(owner, KEY, NOW),
}

/** What looks at the record of one token, or changes it. */
export const CHANGES: Readonly<Record<string, Operation>> = {
  revoke: (store, { owner, id }) => store.revoke(owner, id, revocationAt(NOW)),
  suspend: (store, { owner, id }) => store.suspend(owner, id, changeAt(NOW)),
  resume: (store, { owner, id }) => store.resume(owner, id, changeAt(NOW)),
  edit: (store, { owner, id }) => store.edit(owner, id, editAt(NOW, { name: 'renamed' })),
  rotate: (store, { owner, id }) => store.rotate(owner, id, sampleRotation()),
  completeRotation: (store, { owner, id }) => store.completeRotation(owner, id, NOW),
  rekey: (store, { owner, id }) => store.rekey(owner, id, sampleRecord().digest),
  revokeAll: (store, { owner }) => store.revokeAll(owner, everyAt(NOW)),
  list: (store, { owner }) => store.list({ ...ALL, owner }),
}

/** All others. */
export const OTHERS: Readonly<Record<string, Operation>> = {
  insert: (store, { owner }) => store.insert(sampleRecord({ owner }), FREELY),
  'insert under a key': (store, { owner }) => store.insert(sampleRecord({ owner }), { ...FREELY, idempotency: KEY }),
  'findByDigest of several': (store, { digest, owner }) => store.findByDigest([digest, 'retired'], shardOf(owner)),
  'revokeAll under a key': (store, { owner }) => store.revokeAll(owner, everyAt(NOW, { idempotency: KEY })),
  'a page': (store, { owner }) => store.list({ ...ALL, owner, window: { offset: 0, limit: 2 } }),
  prune: (store) => store.prune(retentionAt(NOW + 9)),
  revision: (store) => store.feed.revision(),
  changesSince: (store) => store.feed.changesSince('1-1.a'),
}

export const recordUse: Operation = (store, { owner, id }) => store.recordUse([{ owner, id, at: NOW }])
