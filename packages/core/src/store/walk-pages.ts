import type { TokenRecord } from '../token/token.ts'
import type { Place, TokenPage, TokenQuery } from './query.ts'

/** A store that is asked for the tokens of one API. */
interface Listing {
  list(query: Omit<TokenQuery, 'prefixes'>): Promise<TokenPage>
}

type Selection = Pick<TokenQuery, 'owner' | 'now' | 'createdBy' | 'makers'> & Partial<Pick<TokenQuery, 'statuses'>>

/** An owner's tokens in pages, the oldest first. No token moves in this order, so changes meanwhile do not disturb it. */
export async function* pagesOf(
  store: Listing,
  selection: Selection,
  limit = 200,
): AsyncGenerator<readonly TokenRecord[], void> {
  const sort = { by: 'createdAt', direction: 'asc' } as const
  let after: Place | null = null
  do {
    const window = { after, limit }
    const page: TokenPage = await store.list({ statuses: null, name: null, ...selection, sort, window })
    yield page.records
    after = page.next
  } while (after !== null)
}
