import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { changeAt, everyAt, revocationAt, sampleRotation } from '../../../../test/support/sample-change.ts'
import { FREELY, sampleRecord } from '../../../../test/support/sample-record.ts'
import { watchStore } from '../../testing/watched-store.ts'
import { endPending, revokePredecessors } from '../steps/complete-rotation.ts'
import type { Step } from '../steps/decision/decision.ts'
import { ofApi } from '../steps/decision/of-api.ts'
import { edit } from '../steps/edit.ts'
import { findRepeated } from '../steps/insert.ts'
import { rekey } from '../steps/rekey.ts'
import { resume } from '../steps/resume.ts'
import { claimBulk, finishBulk, revokeSome } from '../steps/revoke-many.ts'
import { revoke } from '../steps/revoke.ts'
import { rotate } from '../steps/rotate.ts'
import { suspend } from '../steps/suspend.ts'
import type { CachedRecord, TokenCache, TokenStore } from '../store/store.ts'
import { StoreError } from '../token/errors.ts'
import type { TokenRecord } from '../token/token.ts'
import { guardStore } from './guard-store.ts'
import type { GuardedStore } from './guard-store.ts'

const QUERY = { owner: 'acme', now: 0, statuses: null, name: null, window: 'all' } as const
const REQUEST = { key: 'key', fingerprint: 'fingerprint', expiresAt: 2 }
const EDIT = { name: null, scopes: null, narrowOnly: false, ceilings: [], rules: { wildcards: false } }

type Call = (store: GuardedStore) => Promise<unknown>

const CALLS: readonly [keyof GuardedStore, keyof TokenStore, string, Call][] = [
  ['take', 'change', 'revoke a token', (store) => store.take('acme', revoke('id', revocationAt(1)))],
  ['insert', 'change', 'insert a token', (store) => store.insert(sampleRecord(), FREELY)],
  ['findByDigest', 'findByDigest', 'find a token by its digest', (store) => store.findByDigest(['digest'], '9G')],
  ['find', 'find', 'find a token', (store) => store.find('acme', 'id')],
  ['findById', 'findById', 'find a token of any owner', (store) => store.findById('id')],
  ['findCached', 'find', 'find a token', (store) => store.findCached('acme', 'id')],
  ['list', 'list', 'list tokens', (store) => store.list({ ...QUERY, sort: { by: 'id', direction: 'asc' } })],
  ['recordUse', 'recordUse', 'record the use of tokens', (store) => store.recordUse([])],
  ['prune', 'prune', 'prune', (store) => store.prune({ now: 0, endedBefore: 0 })],
]

const STEPS: readonly [string, Step<unknown>][] = [
  ['revoke a token', revoke('id', revocationAt(1))],
  ['suspend a token', suspend('id', changeAt(1))],
  ['resume a token', resume('id', changeAt(1))],
  ['edit a token', edit('id', { ...changeAt(1), ...EDIT })],
  ['rotate a token', rotate('id', sampleRotation())],
  ['complete a rotation', revokePredecessors('id', 1)],
  ['complete a rotation', endPending('id')],
  ['rekey a token', rekey('id', 'digest')],
  ['find a request', findRepeated(REQUEST, 1)],
  ["revoke an owner's tokens", claimBulk(everyAt(1))],
  ["revoke an owner's tokens", revokeSome(['id'], everyAt(1))],
  ["revoke an owner's tokens", finishBulk(everyAt(1), 0)],
]

const PREFIXES = ['ot_pat']
const CAUSE = new Error('ECONNREFUSED')

function failing(): never {
  throw CAUSE
}

function failureTo(operation: string): object {
  return { name: 'StoreError', message: `the token store failed to ${operation}: ECONNREFUSED`, cause: CAUSE }
}

/** The guarded cache of a store, and the failures that it reports. */
function guardedCache(facts: Partial<TokenCache>) {
  const store = memoryStore()
  const errors: (Error | null)[] = []
  const { cache } = guardStore({ ...store, cache: { ...store.cache, ...facts } }, PREFIXES, (error) =>
    errors.push(error),
  )
  if (cache === null) throw new Error('the guarded store has no cache')
  return { cache, errors }
}

describe('guardStore', () => {
  it('guards every method of the contract', () => {
    const methods = Object.keys(guardStore(memoryStore(), PREFIXES))
    expect(methods.sort()).toEqual([...CALLS.map(([name]) => name), 'cache', 'feed'].sort())
  })

  it.each(CALLS)('passes the arguments and the answer of %s through to %s', async (_, method, __, call) => {
    const bare = memoryStore()
    const watched = watchStore(memoryStore())
    expect(await call(guardStore(watched.store, PREFIXES))).toEqual(await call(guardStore(bare, PREFIXES)))
    expect(watched.calls.map((made) => made.method)).toEqual([method])
  })

  it.each(CALLS)('says which operation of %s failed and why', async (_, __, operation, call) => {
    const watched = watchStore(memoryStore())
    watched.failure = CAUSE
    const failed = call(guardStore(watched.store, PREFIXES))
    await expect(failed).rejects.toBeInstanceOf(StoreError)
    await expect(failed).rejects.toMatchObject(failureTo(operation))
  })

  it.each(STEPS)('takes a step of its own API, and names it where it fails: to %s', async (operation, step) => {
    const watched = watchStore(memoryStore())
    const store = guardStore(watched.store, PREFIXES)
    await store.take('acme', step)
    const { wants } = ofApi(step, PREFIXES)
    expect(watched.calls).toEqual([{ method: 'change', args: ['acme', wants, expect.any(Function)] }])
    watched.failure = CAUSE
    await expect(store.take('acme', step)).rejects.toMatchObject(failureTo(operation))
  })

  it('calls back at the end of each call, with its failure', async () => {
    const watched = watchStore(memoryStore())
    const ends: (Error | null)[] = []
    const store = guardStore(watched.store, PREFIXES, (error) => ends.push(error))
    for (const [, , , call] of CALLS) await call(store)
    expect(ends).toEqual(CALLS.map(() => null))
    watched.failure = CAUSE
    for (const [, , , call] of CALLS) await expect(call(store)).rejects.toThrow('ECONNREFUSED')
    expect(ends.slice(CALLS.length)).toMatchObject(CALLS.map(([, , operation]) => failureTo(operation)))
  })

  it('catches what a store throws before it answers', async () => {
    const failed = guardStore({ ...memoryStore(), find: failing }, PREFIXES).find('acme', 'id')
    await expect(failed).rejects.toMatchObject(failureTo('find a token'))
  })

  it('leaves a StoreError as it is', async () => {
    const watched = watchStore(memoryStore())
    watched.failure = new StoreError('reach the primary', new Error('down'))
    await expect(guardStore(watched.store, PREFIXES).prune({ now: 0, endedBefore: 0 })).rejects.toBe(watched.failure)
  })

  it('inserts by a step where the store has no insert of its own', async () => {
    const store = guardStore(memoryStore(), PREFIXES)
    const [first, second] = [sampleRecord(), sampleRecord()]
    const conditions = { ...FREELY, activeLimit: 1, idempotency: { ...REQUEST, expiresAt: FREELY.now + 1 } }
    expect(await store.insert(first, conditions)).toEqual({ outcome: 'inserted' })
    expect(await store.find('acme', first.id)).toEqual(first)
    expect(await store.insert(second, conditions)).toEqual({ outcome: 'replayed', record: first })
    const full = { outcome: 'limit_reached', active: 1 }
    expect(await store.insert(second, { ...conditions, idempotency: null })).toEqual(full)
  })

  it('inserts by the store’s own insert where there is one', async () => {
    const watched = watchStore({ ...memoryStore(), insert: async () => ({ outcome: 'id_taken' }) })
    const record = sampleRecord()
    expect(await guardStore(watched.store, PREFIXES).insert(record, FREELY)).toEqual({ outcome: 'id_taken' })
    expect(watched.calls).toEqual([{ method: 'insert', args: [record, { ...FREELY, prefixes: PREFIXES }] }])
    watched.failure = CAUSE
    const failed = guardStore(watched.store, PREFIXES).insert(record, FREELY)
    await expect(failed).rejects.toMatchObject(failureTo('insert a token'))
  })

  it('passes over a token of another API, wherever it is found', async () => {
    const foreign = sampleRecord({ prefix: 'tok_live' })
    const bare = memoryStore()
    const store = { ...bare, find: async () => foreign, cache: { ...bare.cache, findToken: async () => foreign } }
    expect(await guardStore(store, PREFIXES).find('acme', foreign.id)).toBeNull()
    expect(await guardStore(store, PREFIXES).findCached('acme', foreign.id)).toBeNull()
    expect(await guardStore(store, ['ot_pat', 'tok_live']).find('acme', foreign.id)).toBe(foreign)
    expect(await guardStore(store, ['ot_pat', 'tok_live']).findCached('acme', foreign.id)).toBe(foreign)
  })

  it('asks the store only for the tokens of its own prefixes', async () => {
    const prefixes = ['ot_pat', 'old_pat']
    const watched = watchStore({ ...memoryStore(), insert: async () => ({ outcome: 'inserted' }) })
    const store = guardStore(watched.store, prefixes)
    await store.list({ ...QUERY, sort: { by: 'id', direction: 'asc' } })
    await store.prune({ now: 0, endedBefore: 0 })
    await store.insert(sampleRecord(), { ...FREELY, idempotency: REQUEST })
    const asked = watched.calls.map(({ args }) => args.at(-1))
    expect(asked).toMatchObject([{ prefixes }, { prefixes }, { prefixes, idempotency: { key: 'ot_pat:key' } }])
  })

  it('takes an id of another API for one in use', async () => {
    const bare = memoryStore()
    const [own, foreign] = [sampleRecord(), sampleRecord({ prefix: 'tok_live' })]
    await guardStore(bare, ['tok_live']).insert(foreign, FREELY)
    const inserted = guardStore(bare, PREFIXES).insert({ ...own, id: foreign.id }, FREELY)
    expect(await inserted).toEqual({ outcome: 'id_taken' })
  })

  it('finds a token in the cache, and else in the store', async () => {
    const [cached, stored] = [sampleRecord(), sampleRecord()]
    const { cache, ...store } = { ...memoryStore(), find: async () => stored }
    const caching: TokenStore = { ...store, cache: { ...cache, findToken: async () => cached } }
    expect(await guardStore(caching, PREFIXES).findCached('acme', 'id')).toBe(cached)
    expect(await guardStore(caching, PREFIXES).find('acme', 'id')).toBe(stored)
    expect(await guardStore(store, PREFIXES).findCached('acme', 'id')).toBe(stored)
  })

  it('says why the cache did not find a token', async () => {
    const store = memoryStore()
    const failed = guardStore({ ...store, cache: { ...store.cache, findToken: failing } }, PREFIXES).findCached(
      'acme',
      'id',
    )
    await expect(failed).rejects.toMatchObject(failureTo('find a token'))
  })

  it('passes over the cache of a lookup that a wrapper replaced', async () => {
    const store = memoryStore()
    expect(guardStore({ ...store }, PREFIXES).cache).not.toBeNull()
    expect(guardStore({ ...store, findByDigest: async () => null }, PREFIXES).cache).toBeNull()
  })

  it('has no cache where the store has none', () => {
    const { cache: _, ...store } = memoryStore()
    expect(guardStore(store, PREFIXES).cache).toBeNull()
  })

  it('looks into the cache without a call of the store', () => {
    const record = sampleRecord()
    const cached: CachedRecord = { record, memo: null }
    const { cache, errors } = guardedCache({ has: ([digest]) => digest === 'a', find: () => cached })
    expect([cache.has(['a']), cache.has(['b'])]).toEqual([true, false])
    expect(cache.find(['a'], 1)).toBe(cached)
    expect(cache.confirm).toBeUndefined()
    expect(errors).toEqual([])
  })

  it('fails where looking into the cache does', () => {
    const { cache, errors } = guardedCache({ has: failing, find: failing, confirm: failing })
    const looks = [() => cache.has([]), () => cache.find([], 1), () => cache.confirm?.()]
    for (const look of looks) expect(look).toThrow(new StoreError('find a token by its digest', CAUSE))
    expect(errors).toHaveLength(looks.length)
  })

  it('lets all who share a reading share its failure, and reports it once', async () => {
    let reading = Promise.reject<void>(CAUSE)
    const { cache, errors } = guardedCache({ confirm: () => reading })
    const [first, second] = [cache.confirm?.(), cache.confirm?.()]
    expect(second).toBe(first)
    await expect(first).rejects.toMatchObject(failureTo('find a token by its digest'))
    expect(errors).toHaveLength(1)
    reading = Promise.resolve()
    expect(await cache.confirm?.()).toBeUndefined()
    expect(errors).toHaveLength(1)
  })

  it('leaves the store and its cache their own this', async () => {
    const record = sampleRecord()
    class OneRecord implements TokenCache {
      readonly cached: CachedRecord = { record, memo: null }
      readonly confirmed = Promise.resolve()
      has() {
        return this.cached.record === record
      }
      find() {
        return this.cached
      }
      confirm() {
        return this.confirmed
      }
      async findToken() {
        return this.cached.record
      }
    }
    const { cache: _, ...bare } = memoryStore()
    const store = {
      ...bare,
      record,
      async find(): Promise<TokenRecord | null> {
        return this.record
      },
    }
    expect(await guardStore(store, PREFIXES).findCached('acme', 'id')).toBe(record)
    const guarded = guardStore({ ...bare, cache: new OneRecord() }, PREFIXES)
    expect(await guarded.findCached('acme', 'id')).toBe(record)
    expect(await guarded.cache?.confirm?.()).toBeUndefined()
    expect([guarded.cache?.has([]), guarded.cache?.find([], 1)]).toMatchObject([true, { record }])
  })
})
