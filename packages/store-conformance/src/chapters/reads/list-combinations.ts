import { placeOf } from '@tessera/core'
import type { TokenQuery, TokenRecord, TokenSort, TokenStatus, TokenWindow } from '@tessera/core'
import { naiveStore } from '../../model/naive-store/naive-store.ts'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { NOW, given, queryOf, sampleDigest } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const FIELDS = ['createdAt', 'id', 'lastUsedAt', 'status'] as const
const DIRECTIONS = ['asc', 'desc'] as const
const STATUSES: readonly (readonly TokenStatus[] | null)[] = [null, ['active'], ['expired', 'revoked'], ['suspended']]
const NAMES = [null, 'CI', 'dep']

/** Tokens with every fact of a list by turns, and many ties. */
async function givenAssortment(stores: readonly StepsOnStore[]): Promise<TokenRecord[]> {
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

/** Queries of all kinds, some of them after the places of the given tokens. */
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

const PROVES: readonly string[] = [
  'All filters must hold',
  'a range by position, the rows after a place, or everything',
]

export const listCombinations: Chapter = chapter('list: combinations', PROVES, (it) => {
  it('agrees with a naive filter and sort on every order, filter and window together', async ({ expect, store }) => {
    const naive = naiveStore()
    const tokens = await givenAssortment([store, naive])
    const seen = [0, 23, 47].flatMap((number) => tokens[number] ?? [])
    const gone = seen.map((token) => ({ ...token, id: `${token.id}-gone` }))
    for (const query of everyQuery([...seen, ...gone])) {
      const page = await store.list(query)
      expect(page, `the page of ${JSON.stringify(query)}`).toEqual(await naive.list(query))
    }
  })
})
