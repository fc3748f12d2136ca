import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { Pepper, PepperRing, TokenStore, Tokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'

const OLD = 'the former pepper, 32 characters and more'
const NEW = 'the current pepper, 32 characters and more'

type PepperOption = Pepper | PepperRing | null

interface Step {
  readonly from: PepperOption
  readonly to: PepperOption
  /** How often each token may be moved, and is. */
  readonly moves: number
}

/** The steps from one pepper to another, as SECURITY.md numbers them. */
function stepsOf(former: Pepper | null, next: Pepper | null): readonly Step[] {
  const known = { current: former, upcoming: [next] }
  const used = { current: next, retired: [former] }
  return [
    { from: former, to: known, moves: 0 },
    { from: known, to: used, moves: 1 },
    { from: used, to: next, moves: 0 },
  ]
}

/** A memory store whose moves are counted, by the id of the token: all steps but those that add a token. */
function countedStore(): { store: TokenStore; moves: Map<string, number> } {
  const store = memoryStore()
  const moves = new Map<string, number>()
  return {
    moves,
    store: {
      ...store,
      change(owner, wants, decide) {
        return store.change(owner, wants, (seen) => {
          const decision = decide(seen)
          if (decision.add === undefined) for (const id of wants.ids) moves.set(id, (moves.get(id) ?? 0) + 1)
          return decision
        })
      },
    },
  }
}

function openTokens(store: TokenStore, pepper: PepperOption): Tokens {
  return createTokens({ store, prefix: 'ot_pat', ...(pepper !== null && { pepper }) })
}

async function issue(tokens: Tokens): Promise<{ secret: string; id: string }> {
  const { secret, token } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: [] })
  return { secret, id: token.id }
}

/** Each process uses each token in turn. */
async function useInTurn(processes: readonly Tokens[], secrets: readonly string[], times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    for (const secret of secrets) {
      for (const tokens of processes) expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    }
  }
}

const rollouts = [
  ['a first pepper', null, NEW],
  ['another pepper', OLD, NEW],
  ['no pepper', OLD, null],
] as const

const ways = [
  ['one store', (store: TokenStore) => store],
  ['a cache in each process', (store: TokenStore) => cachedStore(store)],
] as const

describe('a rollout of', () => {
  describe.each(rollouts)('%s', (_, former, next) => {
    it.each(ways)('moves each token once, and only forward, on %s', async (_way, inFront) => {
      const { store, moves } = countedStore()
      const { secret, id } = await issue(openTokens(store, former))
      for (const step of stepsOf(former, next)) {
        moves.clear()
        const before = openTokens(inFront(store), step.from)
        const after = openTokens(inFront(store), step.to)
        const issued = [await issue(before), await issue(after)]
        await useInTurn([before, after], [secret, ...issued.map((each) => each.secret)], 50)
        expect(moves.get(id) ?? 0).toBe(step.moves)
        expect(Math.max(0, ...moves.values())).toBe(step.moves)
      }
    })

    it.each(ways)('moves nothing more while its second step is taken back, on %s', async (_way, inFront) => {
      const { store, moves } = countedStore()
      const [, step] = stepsOf(former, next)
      const before = openTokens(inFront(store), step?.from ?? null)
      const after = openTokens(inFront(store), step?.to ?? null)
      const issued = [await issue(before), await issue(after)]
      const secrets = issued.map(({ secret }) => secret)
      await useInTurn([after], secrets, 1)
      moves.clear()
      const takenBack = openTokens(inFront(store), step?.from ?? null)
      await useInTurn([takenBack, after, before], secrets, 50)
      expect(moves.size).toBe(0)
    })
  })

  it('another pepper leaves the cache of each process what it is for', async () => {
    const { store } = countedStore()
    const processes = [
      openTokens(cachedStore(store), { current: OLD, upcoming: [NEW] }),
      openTokens(cachedStore(store), { current: NEW, retired: [OLD] }),
    ]
    const secrets = await Promise.all(processes.map(async (tokens) => (await issue(tokens)).secret))
    await useInTurn(processes, secrets, 3)
    const before = processes.map((tokens) => tokens.stats().cache?.misses)
    await useInTurn(processes, secrets, 50)
    expect(processes.map((tokens) => tokens.stats().cache?.misses)).toEqual(before)
  })
})
