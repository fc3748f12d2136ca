import type { ListOptions, Place, Tokens } from '@tessera/core'
import type { Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'

export const OWNER = 'acme'
export const PAGE = 50
/** How many tokens the owner has. */
export const COUNTS: readonly number[] = [1_000, 100_000, 1_000_000]

export async function placeBefore(tokens: Tokens, offset: number, owner: string = OWNER): Promise<Place> {
  const { tokens: page } = await tokens.list(owner, { window: { offset: offset - 1, limit: 1 } })
  const [token] = page
  if (token === undefined) throw new Error('there is no token before the page')
  return { value: token.createdAt.getTime(), id: token.id }
}

/** Reads the same page, one time after the other. */
export function pageRow(name: string, tokens: Tokens, options: ListOptions, owner: string = OWNER): Row {
  return {
    name,
    run: (times) =>
      repeat(times, 1, async () => {
        const { tokens: page } = await tokens.list(owner, options)
        if (page.length !== PAGE) throw new Error(`${name}: the page is not full`)
      }),
  }
}
