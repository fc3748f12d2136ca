import type { TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { retentionAt, revocationAt } from '../../steps/change-at.ts'
import { FREELY, NOW, OWNER, atMost, given, idsOf, queryOf, sampleRecord } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const PROVES: readonly string[] = [
  'Tokens of other prefixes are neither listed nor counted.',
  'Only tokens of these prefixes count.',
  "One owner's records of some prefixes.",
  'tokens of other prefixes stay',
  'idempotency keys expired by then go, of any API',
  'Counted are those of the same prefix as `key`',
]
const INSERTED = { outcome: 'inserted' }
/** Of two APIs: the usual one, whose prefix was another before, and one of its own. */
const [USUAL, RETIRED, OTHER] = ['ot_pat', 'old_pat', 'tok_live'] as const
const BOTH = [USUAL, RETIRED]
const ALL = [USUAL, RETIRED, OTHER]

/** Tokens of all prefixes in turn, two of them of each instant. */
async function givenInTurn(store: StepsOnStore, count: number): Promise<readonly TokenRecord[]> {
  const tokens: TokenRecord[] = []
  for (let number = 0; number < count; number += 1) {
    const facts = { prefix: ALL[number % ALL.length] ?? '', createdAt: NOW + Math.floor(number / 2) }
    tokens.push(await given(store, facts))
  }
  return tokens
}

function idsWith(tokens: readonly TokenRecord[], prefixes: readonly string[]): readonly string[] {
  return tokens.filter(({ prefix }) => prefixes.includes(prefix)).map(({ id }) => id)
}

/** Walks over all pages. */
async function walk(store: StepsOnStore, prefixes: readonly string[], statuses: readonly ['active'] | null) {
  const ids: string[] = []
  let next: ReturnType<typeof queryOf>['window'] | null = { after: null, limit: 4 }
  while (next !== null && ids.length < 100) {
    const page = await store.list(queryOf({ prefixes, statuses, window: next }))
    ids.push(...page.records.map(({ id }) => id))
    next = page.next && { after: page.next, limit: 4 }
  }
  return ids
}

export const prefixes: Chapter = chapter('prefixes', PROVES, (it) => {
  it('list shows the tokens of the given prefixes in one order, by every order and window', async ({
    expect,
    store,
  }) => {
    const tokens = await givenInTurn(store, 9)
    for (const asked of [[USUAL], [RETIRED], [OTHER], BOTH, [OTHER, USUAL], ALL]) {
      const expected = idsWith(tokens, asked)
      for (const by of ['createdAt', 'id', 'lastUsedAt', 'status'] as const) {
        const sort = { by, direction: 'asc' } as const
        const descending = { sort: { by, direction: 'desc' }, prefixes: asked } as const
        expect(await idsOf(store, { prefixes: asked, sort })).toEqual(expected)
        expect(await idsOf(store, descending)).toEqual(expected.toReversed())
        expect(await idsOf(store, { prefixes: asked, sort, statuses: ['active'], name: 'ci' })).toEqual(expected)
        const middle = { offset: 1, limit: 3 }
        expect(await idsOf(store, { prefixes: asked, sort, window: middle })).toEqual(expected.slice(1, 4))
      }
    }
  })

  it('list counts the tokens of the given prefixes, with a filter and without', async ({ expect, store }) => {
    await givenInTurn(store, 9)
    const window = { offset: 0, limit: 1 }
    for (const filter of [{}, { name: 'ci' }]) {
      expect(await store.list(queryOf({ ...filter, window, prefixes: [RETIRED] }))).toMatchObject({ total: 3 })
      expect(await store.list(queryOf({ ...filter, window, prefixes: BOTH }))).toMatchObject({ total: 6 })
      expect(await store.list(queryOf({ ...filter, window, prefixes: ['nobodys'] }))).toMatchObject({ total: 0 })
    }
  })

  it('list leaves out none of several prefixes from page to page, and repeats none', async ({ expect, store }) => {
    const tokens = await givenInTurn(store, 24)
    for (const statuses of [null, ['active']] as const) {
      for (const asked of [[USUAL], BOTH, ALL])
        expect(await walk(store, asked, statuses)).toEqual(idsWith(tokens, asked))
    }
  })

  it('list shows no token of a prefix that only begins alike', async ({ expect, store }) => {
    for (const prefix of ['ot', 'ot_pat_', 'ot_pat2', 'ot_']) await given(store, { prefix })
    const own = await given(store)
    expect(await idsOf(store)).toEqual([own.id])
  })

  it('the limit counts the tokens of the given prefixes, and by default of the record’s own', async ({
    expect,
    store,
  }) => {
    await given(store)
    await given(store, { prefix: RETIRED })
    const full = (active: number) => ({ outcome: 'limit_reached', active })
    expect(await store.insert(sampleRecord({ prefix: OTHER }), atMost(1))).toEqual(INSERTED)
    expect(await store.insert(sampleRecord({ prefix: OTHER }), atMost(1))).toEqual(full(1))
    expect(await store.insert(sampleRecord(), { ...atMost(1), prefixes: [USUAL] })).toEqual(full(1))
    expect(await store.insert(sampleRecord(), { ...atMost(2), prefixes: BOTH })).toEqual(full(2))
    expect(await store.insert(sampleRecord(), { ...atMost(3), prefixes: ALL })).toEqual(full(3))
    expect(await store.insert(sampleRecord(), { ...atMost(3), prefixes: BOTH })).toEqual(INSERTED)
  })

  it('the limit counts them as they are: ended, rotated and pruned ones do not count', async ({ expect, store }) => {
    const revoked = await given(store, { prefix: RETIRED })
    await given(store, { prefix: RETIRED, expiresAt: NOW + 10 })
    const conditions = { ...atMost(2, NOW + 5), prefixes: BOTH }
    expect(await store.insert(sampleRecord(), conditions)).toMatchObject({ outcome: 'limit_reached' })
    await store.revoke(OWNER, revoked.id, revocationAt(NOW + 1))
    expect(await store.insert(sampleRecord(), conditions)).toEqual(INSERTED)
    expect(await store.insert(sampleRecord(), conditions)).toMatchObject({ outcome: 'limit_reached' })
    expect(await store.insert(sampleRecord(), { ...conditions, now: NOW + 10 })).toEqual(INSERTED)
  })

  it('prune removes the tokens of the given prefixes only', async ({ expect, store }) => {
    const ended = { expiresAt: NOW + 1 }
    for (const prefix of ALL) await given(store, { ...ended, prefix })
    expect(await store.prune({ ...retentionAt(NOW + 5), prefixes: ['nobodys'] })).toBe(0)
    expect(await store.prune({ ...retentionAt(NOW + 5), prefixes: BOTH })).toBe(2)
    expect(await idsOf(store, { prefixes: BOTH })).toEqual([])
    expect(await idsOf(store, { prefixes: [OTHER] })).toHaveLength(1)
  })

  it('an idempotency key of another prefix is another key', async ({ expect, store }) => {
    for (const key of ['ot_pat:deploy-42', 'tok_live:deploy-42', 'deploy-42']) {
      const idempotency = { key, fingerprint: key, expiresAt: NOW + 1_000 }
      expect(await store.insert(sampleRecord(), { ...FREELY, idempotency })).toEqual(INSERTED)
      expect(await store.insert(sampleRecord(), { ...FREELY, idempotency })).toMatchObject({ outcome: 'replayed' })
    }
  })

  it('the idempotency keys of each prefix have a limit of their own', async ({ expect, store }) => {
    const use = (key: string) => {
      const idempotency = { key, fingerprint: 'a', expiresAt: NOW + 1_000, limit: 2 }
      return store.insert(sampleRecord(), { ...FREELY, idempotency })
    }
    for (const key of ['ot_pat:a', 'ot_pat:b', 'tok_live:a', 'tok_live:b']) expect(await use(key)).toEqual(INSERTED)
    for (const key of ['ot_pat:c', 'tok_live:c'])
      expect(await use(key)).toEqual({ outcome: 'idempotency_limit_reached' })
  })

  it('prune removes expired idempotency keys of any prefix, and no others', async ({ expect, store }) => {
    const request = { fingerprint: 'a', expiresAt: NOW + 1_000 }
    const keys = ['ot_pat:a', 'tok_live:a', 'a']
    for (const key of keys) await store.insert(sampleRecord(), { ...FREELY, idempotency: { key, ...request } })
    await store.prune(retentionAt(NOW + 999))
    for (const key of keys) expect(await store.findRequest(OWNER, { key, ...request }, NOW)).not.toBeNull()
    await store.prune(retentionAt(NOW + 1_000))
    // A clock behind would still find them.
    for (const key of keys) expect(await store.findRequest(OWNER, { key, ...request }, NOW)).toBeNull()
  })
})
