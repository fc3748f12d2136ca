import { placeOf } from '@tessera/core'
import type { TokenQuery, TokenRecord, TokenSort, TokenStatus, TokenStore, TokenWindow } from '@tessera/core'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { naiveStore } from '../naive-store/naive-store.ts'
import { NOW, given, queryOf, sampleDigest } from '../sample-token.ts'

const FIELDS = ['createdAt', 'id', 'lastUsedAt', 'status'] as const
const DIRECTIONS = ['asc', 'desc'] as const
const STATUSES: readonly (readonly TokenStatus[] | null)[] = [null, ['active'], ['expired', 'revoked'], ['suspended']]
const NAMES = [null, 'CI', 'dep']

/** Tokens in which every fact that a list goes by takes turns, with many ties. */
async function givenAssortment(stores: readonly TokenStore[]): Promise<TokenRecord[]> {
  const tokens: TokenRecord[] = []
  for (let number = 0; number < 24; number += 1) {
    const id = `${'qhxa'.charAt(number % 4)}-${(number * 7) % 24}`
    const facts = {
      id,
      digest: sampleDigest(id),
      name: ['ci deploy', 'Deploy', 'nightly CI'][number % 3] ?? '',
      createdAt: NOW + ((number * 5) % 8),
      expiresAt: number % 4 === 1 ? NOW + 50 : null,
      lastUsedAt: number % 5 === 0 ? null : NOW + (number % 3),
      suspendedAt: number % 6 === 2 ? NOW + 20 : null,
      revokedAt: number % 7 === 3 ? NOW + 30 : null,
    }
    for (const store of stores) tokens.push(await given(store, facts))
  }
  return tokens
}

/** Queries of all kinds, some of which go on after the places of the given tokens. */
function* everyQuery(seen: readonly TokenRecord[]): Generator<TokenQuery> {
  const windowsOf = (sort: TokenSort): readonly TokenWindow[] => [
    'all',
    { offset: 0, limit: 5 },
    { offset: 3, limit: 4 },
    { after: null, limit: 5 },
    ...seen.map((token) => ({ after: placeOf(token, sort, NOW + 50), limit: 5 })),
  ]
  for (const by of FIELDS)
    for (const direction of DIRECTIONS)
      for (const statuses of STATUSES)
        for (const name of NAMES)
          for (const window of windowsOf({ by, direction }))
            yield queryOf({ now: NOW + 50, sort: { by, direction }, statuses, name, window })
}

export const listCombinations: Chapter = chapter('list: combinations', (it) => {
  it('agrees with a naive filter and sort on every order, filter and window together', async ({ expect, store }) => {
    const naive = naiveStore()
    const tokens = await givenAssortment([store, naive])
    const seen = [0, 23, 47].flatMap((number) => tokens[number] ?? [])
    const gone = seen.map((token) => ({ ...token, id: `${token.id}-gone` }))
    for (const query of everyQuery([...seen, ...gone])) {
      const page = await store.list(query)
      expect({ query, page }).toEqual({ query, page: await naive.list(query) })
    }
  })
})
