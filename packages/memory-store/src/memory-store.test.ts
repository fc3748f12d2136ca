import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createTokens, insert, revoke } from '@tessera/core'
import type { InsertConditions, InsertOutcome, TokenQuery, TokenRecord, TokenStore } from '@tessera/core'
import { testTokenStore } from '@tessera/store-conformance'
import { describe, expect, it } from 'vitest'
import { revocationAt } from '../../../test/support/sample-change.ts'
import { sampleRecord } from '../../../test/support/sample-record.ts'
import { memoryStore } from './memory-store.ts'

testTokenStore('memory-store', {
  create: memoryStore,
  changeFeed: { keeps: 10_000 },
  leases: { create: (leaseMs) => memoryStore({ leaseMs }) },
})

const MANY = 10_000
const FREELY: InsertConditions = { now: 0, activeLimit: null, idempotency: null }

function insertInto(store: TokenStore, record: TokenRecord, conditions = FREELY): Promise<InsertOutcome> {
  const { wants, decide } = insert(record, conditions)
  return store.change(record.owner, wants, decide)
}

async function revokeIn(store: TokenStore, owner: string, id: string): Promise<void> {
  const { wants, decide } = revoke(id, revocationAt(1))
  await store.change(owner, wants, decide)
}

function recordOf(number: number, facts: Partial<TokenRecord> = {}): TokenRecord {
  return sampleRecord({ id: `tok_${number}`, createdAt: number, ...facts })
}

/** A store with many tokens of one owner, and how often something looks at any of their facts. */
async function watched(facts: Partial<TokenRecord> = {}): Promise<{ store: TokenStore; reads(): number }> {
  const store = memoryStore()
  let count = 0
  const handler: ProxyHandler<TokenRecord> = {
    get(record, fact) {
      count += 1
      return Reflect.get(record, fact) as unknown
    },
  }
  for (let number = 0; number < MANY; number += 1) {
    await insertInto(store, new Proxy(recordOf(number, facts), handler))
  }
  count = 0
  return { store, reads: () => count }
}

function queryOf(query: Partial<TokenQuery>): TokenQuery {
  const sort = { by: 'createdAt', direction: 'desc' } as const
  return { owner: 'acme', prefixes: ['ot_pat'], now: 0, statuses: null, name: null, sort, window: 'all', ...query }
}

describe('list', () => {
  it('reads a page by creation without looking at the rest of the tokens', async () => {
    const { store, reads } = await watched()
    const byOffset = await store.list(queryOf({ window: { offset: 5_000, limit: 50 } }))
    const afterRow = await store.list(queryOf({ window: { after: { value: 5_000, id: 'tok_5000' }, limit: 50 } }))
    expect(byOffset.records[0]?.id).toBe('tok_4999')
    expect(afterRow.records[0]?.id).toBe('tok_4999')
    expect(reads()).toBeLessThan(200)
  })

  it('sorts by id once, however often tokens are used, revoked and issued after that', async () => {
    const { store, reads } = await watched()
    const byId = queryOf({ sort: { by: 'id', direction: 'asc' }, window: { offset: 0, limit: 50 } })
    await store.list(byId)
    const before = reads()
    await store.recordUse([{ owner: 'acme', id: 'tok_1', at: 1 }])
    await revokeIn(store, 'acme', 'tok_2')
    await insertInto(store, recordOf(MANY))
    await store.list(byId)
    expect(reads() - before).toBeLessThan(400)
  })
})

describe('insert', () => {
  it('finds a new token its place without looking at the rest', async () => {
    const { store, reads } = await watched()
    await insertInto(store, recordOf(MANY))
    await insertInto(store, recordOf(MANY + 1, { createdAt: 5_000 }))
    expect(reads()).toBeLessThan(200)
  })

  it('refuses a digest that another token is kept under, and leaves that token alone', async () => {
    const store = memoryStore()
    const { digest } = recordOf(1)
    await insertInto(store, recordOf(1))
    await expect(insertInto(store, recordOf(2, { digest }))).rejects.toThrow('another token')
    expect(await store.findByDigest([digest], '00')).toMatchObject({ id: 'tok_1' })
    expect(await store.find('acme', 'tok_2')).toBeNull()
  })

  it('counts the active tokens without looking at those that were revoked or have expired', async () => {
    for (const ended of [{ revokedAt: 1 }, { expiresAt: 1 }]) {
      const { store, reads } = await watched(ended)
      const outcomes = [recordOf(MANY), recordOf(MANY + 1)].map((record) =>
        insertInto(store, record, { now: 1, activeLimit: 1, idempotency: null }),
      )
      expect(await Promise.all(outcomes)).toMatchObject([
        { outcome: 'inserted' },
        { outcome: 'limit_reached', active: 1 },
      ])
      expect(reads()).toBeLessThan(200)
    }
  })
})

describe('memory', () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void

  function heapUsed(): number {
    collectGarbage()
    return process.memoryUsage().heapUsed
  }

  it('is 720 bytes a token at most, by the version of Node, ten to an owner, with lists of scopes as requests bring them', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const issue = async (number: number) => {
      const scopes = 'jobs:read runs:read runs:write'.split(' ')
      await tokens.issue({ owner: `owner-${Math.floor(number / 10)}`, name: `ci-deploy ${number}`, scopes })
    }
    await issue(0)
    const before = heapUsed()
    for (let number = 10; number < 10 + MANY; number += 1) await issue(number)
    expect((heapUsed() - before) / MANY).toBeLessThan(720)
    await tokens.close()
  })

  it('is given back by prune: of tokens, of owners and of idempotency keys', async () => {
    const store = memoryStore()
    const issueAndRevoke = async (name: string) => {
      for (let number = 0; number < MANY; number += 1) {
        const owner = `${name} ${number}`
        const idempotency = { key: owner, fingerprint: owner, expiresAt: 2 }
        await insertInto(store, recordOf(number, { owner, digest: owner }), { now: 0, activeLimit: 25, idempotency })
        await revokeIn(store, owner, `tok_${number}`)
      }
    }
    await issueAndRevoke('first')
    await store.prune({ prefixes: ['ot_pat'], now: 3, endedBefore: 3 })
    const before = heapUsed()
    await issueAndRevoke('second')
    const taken = heapUsed() - before
    expect(await store.prune({ prefixes: ['ot_pat'], now: 3, endedBefore: 3 })).toBe(MANY)
    expect(heapUsed() - before).toBeLessThan(taken / 10)
  })

  it('is not taken by owners without tokens', async () => {
    const store = memoryStore()
    const ask = async (owner: string) => {
      await store.list(queryOf({ owner, sort: { by: 'id', direction: 'asc' } }))
      await store.find(owner, 'tok_1')
      await revokeIn(store, owner, 'tok_1')
      await insertInto(store, recordOf(1, { owner }), { ...FREELY, activeLimit: 0 })
    }
    const askMany = async (name: string) => {
      for (let number = 0; number < MANY; number += 1) await ask(`${name} ${number}`)
    }
    await askMany('first')
    const before = heapUsed()
    await askMany('second')
    expect(heapUsed() - before).toBeLessThan(MANY * 20)
  })
})
