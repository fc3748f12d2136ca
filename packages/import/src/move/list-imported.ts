import { IMPORTED_FROM } from '@tessera/core'
import type { Place, Token, Tokens } from '@tessera/core'

const PAGE = 500

/**
 * Lists an owner's active and suspended tokens with a secret of another system, oldest first. A successor by rotation has a
 * secret of ours. `lastUsedAt` says whether one is still in use.
 *
 * @param from Only those of this system. Default all.
 */
export async function* listImported(tokens: Tokens, owner: string, from?: string): AsyncGenerator<Token> {
  let after: Place | null = null
  do {
    const page = await tokens.list(owner, { statuses: ['active', 'suspended'], window: { after, limit: PAGE } })
    for (const token of page.tokens) {
      const origin = token.attributes[IMPORTED_FROM]
      if (origin !== undefined && (from === undefined || origin === from)) yield token
    }
    after = page.next
  } while (after !== null)
}
