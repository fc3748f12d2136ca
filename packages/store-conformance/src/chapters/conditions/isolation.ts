import { placeOf, shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { editAt, recordIn, resumeAt, revocationAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { sampleRotation } from '../../steps/sample-rotation.ts'
import {
  FREELY,
  NOW,
  OWNER,
  atMost,
  given,
  idsOf,
  neighbourOf,
  queryOf,
  sampleDigest,
  sampleRecord,
} from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const NEIGHBOUR = neighbourOf(OWNER)

/** The usual owner comes first. */
const SIMILAR = [
  OWNER,
  'ACME',
  'acme ',
  ' acme',
  'acme2',
  'acm',
  'acme:tok',
  'a*',
  '{acme}',
  'acme}',
  'a\u0301',
  '\u00e1',
  'toString',
]

/** Attempts of an owner on another's token; each must answer as if there were none. */
const ATTEMPTS: Readonly<Record<string, (store: StepsOnStore, owner: string, id: string) => Promise<unknown>>> = {
  find: (store, owner, id) => store.find(owner, id),
  revoke: (store, owner, id) => revokeAt(store, owner, id, NOW + 1),
  suspend: (store, owner, id) => suspendAt(store, owner, id, NOW + 1),
  resume: (store, owner, id) => resumeAt(store, owner, id, NOW + 1),
  edit: async (store, owner, id) => recordIn(await store.edit(owner, id, editAt(NOW + 1, { name: 'stolen' }))),
  async rotate(store, owner, id) {
    const answer = await store.rotate(owner, id, sampleRotation())
    return answer.outcome === 'not_found' ? null : answer
  },
  completeRotation: (store, owner, id) => store.completeRotation(owner, id, NOW + 1),
  async revokeAll(store, owner) {
    await store.revokeAll(owner, { ...revocationAt(NOW + 1), exceptId: null, issuedBefore: null, scope: null })
    return null
  },
  async recordUse(store, owner, id) {
    await store.recordUse([{ owner, id, at: NOW + 1 }])
    return null
  },
  async rekey(store, owner, id) {
    await store.rekey(owner, id, sampleDigest('stolen'))
    return store.findByDigest([sampleDigest('stolen')], shardOf(owner))
  },
}

const PROVES: readonly string[] = [
  'One atomic step of one owner.',
  'Tokens of other owners are missing',
  'Keys of different owners are different keys.',
  "One owner's records of some prefixes.",
]

export const isolation: Chapter = chapter('owners', PROVES, (it) => {
  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    it(`${name} does not reach another owner's token`, async ({ expect, store }) => {
      for (const other of ['other', NEIGHBOUR, ...SIMILAR.slice(1)]) {
        const tokens = [await given(store), await given(store, { suspendedAt: NOW })]
        await given(store, { owner: other })
        for (const token of tokens) {
          expect(await attempt(store, other, token.id)).toBeNull()
          expect(await store.find(token.owner, token.id)).toEqual(token)
        }
      }
    })
  }

  it('list shows an owner its own tokens, by every order and window', async ({ expect, store }) => {
    const own = [await given(store), await given(store)].map(({ id }) => id)
    const foreign = [await given(store, { owner: NEIGHBOUR }), await given(store, { owner: 'other' })]
    for (const by of ['createdAt', 'id', 'lastUsedAt', 'status'] as const) {
      const sort = { by, direction: 'asc' } as const
      expect(await idsOf(store, { sort })).toEqual(own)
      expect(await idsOf(store, { sort, window: { after: null, limit: 9 } })).toEqual(own)
      expect(await idsOf(store, { sort, window: { offset: 0, limit: 9 } })).toEqual(own)
      expect(await idsOf(store, { sort, name: 'ci', statuses: ['active'] })).toEqual(own)
      for (const token of foreign) {
        const after = placeOf(token, sort, NOW)
        expect(await idsOf(store, { sort, window: { after, limit: 9 } })).toEqual([])
      }
    }
  })

  it('list shows nothing to an owner without tokens', async ({ expect, store }) => {
    await given(store)
    expect(await store.list(queryOf({ owner: 'nobody' }))).toEqual({ records: [], total: null, next: null })
    expect(await store.list(queryOf({ owner: 'nobody', window: { offset: 0, limit: 5 } }))).toMatchObject({ total: 0 })
  })

  it('the limit counts an owner by itself', async ({ expect, store }) => {
    await given(store)
    for (const owner of [NEIGHBOUR, 'other']) {
      expect(await store.insert(sampleRecord({ owner }), atMost(1))).toEqual({ outcome: 'inserted' })
    }
  })

  it('two owners may have tokens of the same id, which stay apart', async ({ expect, store }) => {
    const tokens: TokenRecord[] = []
    for (const owner of [OWNER, NEIGHBOUR, 'other']) tokens.push(await given(store, { owner, id: 'same-id' }))
    await revokeAt(store, OWNER, 'same-id', NOW + 1)
    await suspendAt(store, 'other', 'same-id', NOW + 2)
    const found = tokens.map(({ owner, digest }) => store.findByDigest([digest], shardOf(owner)))
    expect(await Promise.all(found)).toMatchObject([
      { owner: OWNER, revokedAt: NOW + 1, suspendedAt: null },
      { owner: NEIGHBOUR, revokedAt: null, suspendedAt: null },
      { owner: 'other', revokedAt: null, suspendedAt: NOW + 2 },
    ])
  })

  it('owners of similar names are different owners', async ({ expect, store }) => {
    const tokens: TokenRecord[] = []
    for (const owner of SIMILAR) tokens.push(await given(store, { owner }))
    for (const token of tokens) expect(await idsOf(store, { owner: token.owner })).toEqual([token.id])
  })

  it('owners of similar names have limits and idempotency keys of their own', async ({ expect, store }) => {
    const request = { key: 'deploy-42', fingerprint: 'a', expiresAt: NOW + 1_000 }
    for (const owner of SIMILAR) {
      expect(await store.findRequest(owner, request, NOW)).toBeNull()
      const conditions = { ...atMost(1), idempotency: request }
      expect(await store.insert(sampleRecord({ owner }), conditions)).toEqual({ outcome: 'inserted' })
    }
  })

  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    if (name === 'revokeAll') continue
    it(`${name} does not reach a token by a similar id`, async ({ expect, store }) => {
      const token = await given(store, { id: 'tok-Aa' })
      const suspended = await given(store, { id: 'tok-Bb', suspendedAt: NOW })
      for (const id of ['tok-aa', 'TOK-AA', 'tok-Aa ', 'tok-A', 'tok-Aab', 'tok-bb', 'tok-Bb ']) {
        expect(await attempt(store, OWNER, id)).toBeNull()
      }
      expect(await store.find(OWNER, token.id)).toEqual(token)
      expect(await store.find(OWNER, suspended.id)).toEqual(suspended)
    })
  }

  it('ids of similar text are different ids', async ({ expect, store }) => {
    const ids = ['tok-Aa', 'tok-aa', 'TOK-AA', 'tok-a', 'tok-aA', 'tok-aa ']
    for (const id of ids) expect(await store.insert(sampleRecord({ id }), FREELY)).toEqual({ outcome: 'inserted' })
    const kept = { exceptId: 'tok-aa', issuedBefore: null, scope: null }
    expect(await store.revokeAll(OWNER, { ...revocationAt(NOW + 1), ...kept })).toMatchObject({ revoked: 5 })
    for (const id of ids) {
      expect(await store.find(OWNER, id)).toMatchObject({ id, revokedAt: id === 'tok-aa' ? null : NOW + 1 })
    }
  })
})
