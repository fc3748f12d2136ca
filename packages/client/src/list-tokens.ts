import { ClientError } from './wire/client-error.ts'
import type { Token, TokenPage } from './wire/token.ts'

/** The tokens of a list, one after the other: each page is fetched as it is reached. */
export interface TokenListing extends AsyncIterable<Token> {
  /** The same by pages, for their `next` and `usage`. A page may be empty, and not be the last. */
  pages(): AsyncIterable<TokenPage>
}

/** @param fetchPage `after` is the `next` of the page before. */
export function listingOf(
  fetchPage: (after: string | undefined) => Promise<TokenPage>,
  start: string | undefined,
): TokenListing {
  async function* pages(): AsyncGenerator<TokenPage, void> {
    let after = start
    for (;;) {
      const page = await fetchPage(after)
      yield page
      if (page.next === null) return
      if (page.next === after) throw new ClientError('unexpected_answer', 'The page is followed by itself.')
      after = page.next
    }
  }

  async function* tokens(): AsyncGenerator<Token, void> {
    for await (const page of pages()) yield* page.tokens
  }

  return { pages, [Symbol.asyncIterator]: tokens }
}
