import { placeOf, shardOf } from '@tessera/core'
import type { Change, Idempotency, Place, TokenRecord, TokenSort, TokenWindow } from '@tessera/core'
import { editAt } from '../steps/change-at.ts'
import { queryOf, sampleDigest, sampleRecord } from '../steps/sample-token.ts'
import type { StepsOnStore } from '../steps/steps-on.ts'
import type { Operation, RandomRequest } from './operation.ts'

/** The state of a sequence of operations. */
export interface Scene {
  readonly now: number
  /** The records of attempted inserts and rotations, refused ones too. */
  readonly records: readonly TokenRecord[]
}

/** The scene for an operation: an insert or a rotation brings a token, a wait moves the clock. */
export function sceneOf(operation: Operation, { now, records }: Scene): Scene {
  if (operation.do === 'wait') return { now: now + operation.ms, records }
  if (operation.do === 'rotate') {
    const { owner } = tokenAt(records, operation.token)
    const id = `r-${records.length}`
    return { now, records: [...records, sampleRecord({ id, owner, digest: digestOf(id, 0), createdAt: now })] }
  }
  if (operation.do !== 'insert') return { now, records }
  const { owner, name, initial, age, lifetime, ceiling, fixedExpiry } = operation
  const id = `${initial}-${records.length}`
  const expiresAt = lifetime === null ? null : now + lifetime
  const ends = { expiresAt, expiryCeiling: ceiling === null ? null : now + ceiling, fixedExpiry }
  const record = sampleRecord({ id, owner, name, digest: digestOf(id, 0), createdAt: now - age, ...ends })
  return { now, records: [...records, record] }
}

/** Carries out an operation on a store, the same for every store. */
export async function perform(operation: Operation, store: StepsOnStore, { now, records }: Scene): Promise<unknown> {
  const asked = (request: RandomRequest | null): Change => ({ at: now, idempotency: requestOf(request, now) })
  switch (operation.do) {
    case 'insert': {
      const record = records.at(-1)
      const conditions = { now, activeLimit: operation.activeLimit, idempotency: requestOf(operation.request, now) }
      return record && store.insert(record, conditions)
    }
    case 'revoke': {
      const { owner, id } = tokenAt(records, operation.token)
      return store.revoke(operation.as ?? owner, id, { ...asked(operation.request), reason: operation.reason })
    }
    case 'suspend':
    case 'resume': {
      const { owner, id } = tokenAt(records, operation.token)
      const change = { ...asked(operation.request), at: now - operation.ago }
      return store[operation.do](operation.as ?? owner, id, change)
    }
    case 'edit': {
      const { owner, id } = tokenAt(records, operation.token)
      const { name, scopes, narrowOnly, ceiling } = operation
      const ceilings = ceiling === null ? [] : [{ scopes: ceiling, networks: null, expiresAt: null }]
      return store.edit(
        operation.as ?? owner,
        id,
        editAt(now, { ...asked(operation.request), name, scopes, narrowOnly, ceilings }),
      )
    }
    case 'rotate': {
      const { owner, id } = tokenAt(records.slice(0, -1), operation.token)
      const successor = records.at(-1)
      if (successor === undefined) return undefined
      const { overlapMs, reason, sealedSuccessor, ceiling, activeLimit } = operation
      return store.rotate(operation.as ?? owner, id, {
        ...asked(operation.request),
        overlapMs,
        reason,
        sealedSuccessor,
        activeLimit,
        ceilings: ceiling === null ? [] : [{ scopes: ceiling, networks: null, expiresAt: null }],
        rules: {},
        successor: {
          id: successor.id,
          digest: successor.digest,
          prefix: successor.prefix,
          preview: successor.preview,
        },
      })
    }
    case 'completeRotation': {
      const { owner, id } = tokenAt(records, operation.token)
      return store.completeRotation(operation.as ?? owner, id, now)
    }
    case 'revokeAll': {
      const { owner, except, age, unused, scope, request } = operation
      const exceptId = except === null ? null : tokenAt(records, except).id
      const issuedBefore = age === null ? null : now - age
      const wish = { ...asked(request), reason: 'leaked', exceptId, issuedBefore, scope } as const
      return store.revokeAll(owner, { ...wish, ...(unused !== null && { lastUsedBefore: now - unused }) })
    }
    case 'findRequest':
      return store.findRequest(operation.owner, requestOf(operation.request, now), now)
    case 'find': {
      const { owner, id } = tokenAt(records, operation.token)
      return store.find(operation.as ?? owner, id)
    }
    case 'rekey': {
      const { owner, id } = tokenAt(records, operation.token)
      return store.rekey(operation.as ?? owner, id, digestOf(id, operation.version))
    }
    case 'findByDigest': {
      const { owner, id } = tokenAt(records, operation.token)
      return store.findByDigest(
        operation.versions.map((version) => digestOf(id, version)),
        shardOf(owner),
      )
    }
    case 'recordUse':
      return store.recordUse(
        operation.uses.map(([number, ago, extension]) => {
          const { owner, id } = tokenAt(records, number)
          const at = now - ago
          return { owner, id, at, ...(extension !== null && { extendTo: at + extension }) }
        }),
      )
    case 'prune':
      return store.prune({ now, endedBefore: now - operation.ago })
    case 'list': {
      const { owner, statuses, name, by, direction, window } = operation
      const sort = { by, direction }
      const placed: TokenWindow =
        window !== 'all' && 'after' in window
          ? { after: window.after === null ? null : placeIn(records, window.after, sort, now), limit: window.limit }
          : window
      return store.list(queryOf({ owner, now, statuses, name, sort, window: placed }))
    }
    case 'wait':
  }
}

function tokenAt(records: readonly TokenRecord[], number: number): Pick<TokenRecord, 'owner' | 'id'> {
  return records[number % records.length] ?? { owner: 'acme', id: 'unknown' }
}

/** The place of a token at its insert, or after some use; the token may be gone by now. */
function placeIn(records: readonly TokenRecord[], number: number, sort: TokenSort, now: number): Place {
  const record = records[number % records.length] ?? sampleRecord({ id: 'unknown' })
  const lastUsedAt = number % 2 === 0 ? null : now - (number % 7)
  return placeOf({ ...record, lastUsedAt }, sort, now)
}

function requestOf(request: RandomRequest, now: number): Idempotency
function requestOf(request: RandomRequest | null, now: number): Idempotency | null
function requestOf(request: RandomRequest | null, now: number): Idempotency | null {
  if (request === null) return null
  const { key, fingerprint, lasts, limit } = request
  return { key, fingerprint, expiresAt: now + lasts, limit: limit ?? undefined }
}

function digestOf(id: string, version: number): string {
  return sampleDigest(`${id} ${version}`)
}
