import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { changeAt, everyAt, revocationAt, sampleRotation } from '../../../test/support/sample-change.ts'
import { FREELY, sampleRecord } from '../../../test/support/sample-record.ts'
import { watchStore } from '../testing/watched-store.ts'
import { StoreError } from './errors.ts'
import { guardStore } from './guard-store.ts'
import type { TokenStore } from './store.ts'

const QUERY = { owner: 'acme', now: 0, statuses: null, name: null, window: 'all' } as const

const REQUEST = { key: 'key', fingerprint: 'fingerprint', expiresAt: 2 }

const CALLS: readonly [string, string, (store: TokenStore) => Promise<unknown>][] = [
  ['insert', 'insert a token', (store) => store.insert(sampleRecord(), FREELY)],
  ['findRequest', 'find a request', (store) => store.findRequest('acme', REQUEST, 1)],
  ['findByDigest', 'find a token by its digest', (store) => store.findByDigest(['digest'], '9G')],
  ['find', 'find a token', (store) => store.find('acme', 'id')],
  ['list', 'list tokens', (store) => store.list({ ...QUERY, sort: { by: 'id', direction: 'asc' } })],
  ['revoke', 'revoke a token', (store) => store.revoke('acme', 'id', revocationAt(1))],
  ['revokeAll', "revoke an owner's tokens", (store) => store.revokeAll('acme', everyAt(1))],
  ['suspend', 'suspend a token', (store) => store.suspend('acme', 'id', changeAt(1))],
  ['resume', 'resume a token', (store) => store.resume('acme', 'id', changeAt(1))],
  ['edit', 'edit a token', (store) => store.edit('acme', 'id', { ...changeAt(1), name: null, scopes: null })],
  ['rotate', 'rotate a token', (store) => store.rotate('acme', 'id', sampleRotation())],
  ['completeRotation', 'complete a rotation', (store) => store.completeRotation('acme', 'id', 1)],
  ['recordUse', 'record the use of tokens', (store) => store.recordUse([])],
  ['rekey', 'rekey a token', (store) => store.rekey('acme', 'id', 'digest')],
  ['prune', 'prune', (store) => store.prune({ now: 0, endedBefore: 0 })],
]

describe('guardStore', () => {
  it('guards every method of the contract', () => {
    const methods = Object.keys(guardStore(memoryStore()))
    expect(methods.sort()).toEqual([...CALLS.map(([method]) => method), 'findStanding'].sort())
  })

  it('finds a standing where the store caches, and else the record', async () => {
    const record = sampleRecord()
    const found = async () => record
    const caching = { ...memoryStore(), findStanding: found }
    expect(await guardStore(caching).findStanding('acme', 'id')).toBe(record)
    expect(await guardStore({ ...memoryStore(), find: found }).findStanding('acme', 'id')).toBe(record)
  })

  it.each(CALLS)('passes the arguments and the answer of %s through', async (method, _, call) => {
    const bare = memoryStore()
    const watched = watchStore(memoryStore())
    expect(await call(guardStore(watched.store))).toEqual(await call(bare))
    expect(watched.calls.map((made) => made.method)).toEqual([method])
  })

  it.each(CALLS)('says which operation failed and why: %s', async (_, operation, call) => {
    const watched = watchStore(memoryStore())
    const cause = new Error('ECONNREFUSED')
    watched.failure = cause
    const failing = call(guardStore(watched.store))
    await expect(failing).rejects.toBeInstanceOf(StoreError)
    await expect(failing).rejects.toMatchObject({
      message: `the token store failed to ${operation}: ECONNREFUSED`,
      cause,
    })
  })

  it('catches what a store throws before it answers', async () => {
    const cause = new Error('not connected')
    const find = (): never => {
      throw cause
    }
    const failing = guardStore({ ...memoryStore(), find }).find('acme', 'id')
    await expect(failing).rejects.toMatchObject({ name: 'StoreError', cause })
  })

  it('leaves a StoreError as it is', async () => {
    const watched = watchStore(memoryStore())
    watched.failure = new StoreError('reach the primary', new Error('down'))
    await expect(guardStore(watched.store).prune({ now: 0, endedBefore: 0 })).rejects.toBe(watched.failure)
  })
})
