import { createTokens } from '@tessera/core'
import type { Tokens, TokenStore } from '@tessera/core'
import { seededRandom } from '../../faults/random.ts'
import { repeat } from '../harness/repeat.ts'

const TOKENS_PER_OWNER = 10

export const PREFIX = 'ot_pat'

/** Tokens in use, and their secrets in the random order they are presented in. */
export interface IssuedTokens {
  readonly tokens: Tokens
  readonly secrets: readonly string[]
}

/** Issues so many tokens, ten to an owner, and uses each once: what caches holds them then, and their use is written. */
export async function issueTokens(
  store: TokenStore,
  count: number,
  create: typeof createTokens = createTokens,
  atOnce = 1,
): Promise<IssuedTokens> {
  const tokens = create({ store, prefix: PREFIX })
  const secrets: string[] = []
  await repeat(count, atOnce, async (number) => {
    const owner = `owner-${Math.floor(number / TOKENS_PER_OWNER)}`
    const scopes = ['jobs:read', 'runs:read', 'runs:write']
    secrets.push((await tokens.issue({ owner, name: `token ${number}`, scopes })).secret)
  })
  const presented = shuffled(secrets)
  await repeat(count, atOnce, (number) => tokens.verify(presented[number]))
  await tokens.flush()
  return { tokens, secrets: presented }
}

export function shuffled<Item>(items: readonly Item[]): Item[] {
  const random = seededRandom(1)
  const keyed = items.map((item) => ({ item, rank: random.below(2 ** 32) }))
  return keyed.sort((one, other) => one.rank - other.rank).map(({ item }) => item)
}

/** Hands out the items in turn, over and over. */
export function inTurn<Item>(items: readonly Item[]): () => Item {
  const [first] = items
  if (first === undefined) throw new RangeError('there is nothing to take turns')
  let next = 0
  return () => {
    const item = items[next] ?? first
    next = next + 1 === items.length ? 0 : next + 1
    return item
  }
}
