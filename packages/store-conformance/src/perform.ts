import { shardOf } from '@tessera/core'
import type { TokenRecord, TokenStore, TokenWindow } from '@tessera/core'
import type { Operation } from './operation.ts'
import { queryOf, sampleDigest, sampleRecord } from './sample-token.ts'

/** Where a sequence of operations stands. */
export interface Scene {
  readonly now: number
  /** The records that inserts were tried with, refused ones too. */
  readonly records: readonly TokenRecord[]
}

/** The scene in which an operation is carried out: an insert brings its record, a wait moves the clock. */
export function sceneOf(operation: Operation, { now, records }: Scene): Scene {
  if (operation.do === 'wait') return { now: now + operation.ms, records }
  if (operation.do !== 'insert') return { now, records }
  const { owner, name, initial, age, lifetime } = operation
  const id = `${initial}-${records.length}`
  const expiresAt = lifetime === null ? null : now + lifetime
  const record = sampleRecord({ id, owner, name, digest: digestOf(id, 0), createdAt: now - age, expiresAt })
  return { now, records: [...records, record] }
}

/** Carries out an operation on a store, the same for every store. */
export async function perform(operation: Operation, store: TokenStore, { now, records }: Scene): Promise<unknown> {
  const tokenAt = (number: number) => records[number % records.length] ?? { owner: 'acme', id: 'unknown' }
  switch (operation.do) {
    case 'insert': {
      const { activeLimit, request } = operation
      const record = records.at(-1)
      const idempotency = request && { ...request, expiresAt: now + request.lasts }
      return record && store.insert(record, { now, activeLimit, idempotency })
    }
    case 'revoke':
    case 'suspend':
    case 'resume': {
      const { owner, id } = tokenAt(operation.token)
      return store[operation.do](operation.as ?? owner, id, now)
    }
    case 'find': {
      const { owner, id } = tokenAt(operation.token)
      return store.find(operation.as ?? owner, id)
    }
    case 'rekey': {
      const { owner, id } = tokenAt(operation.token)
      return store.rekey(operation.as ?? owner, id, digestOf(id, operation.version))
    }
    case 'findByDigest': {
      const { owner, id } = tokenAt(operation.token)
      return store.findByDigest(
        operation.versions.map((version) => digestOf(id, version)),
        shardOf(owner),
      )
    }
    case 'recordUse':
      return store.recordUse(operation.uses.map(([number, ago]) => ({ ...tokenAt(number), at: now - ago })))
    case 'prune':
      return store.prune(now - operation.ago)
    case 'list': {
      const { owner, statuses, name, by, direction, window } = operation
      const settled: TokenWindow =
        window !== 'all' && 'after' in window
          ? { after: window.after === null ? null : tokenAt(window.after).id, limit: window.limit }
          : window
      return store.list(queryOf({ owner, now, statuses, name, sort: { by, direction }, window: settled }))
    }
    case 'wait':
  }
}

function digestOf(id: string, version: number): string {
  return sampleDigest(`${id} ${version}`)
}
