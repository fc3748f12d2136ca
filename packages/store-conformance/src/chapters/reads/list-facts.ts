import type { TokenFilters, TokenRecord } from '@tessera/core'
import { constantFrom, integer, option, record, sample, subarray } from 'fast-check'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectNames } from '../../stage/expect-named.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { NOW, givenMany, idsOf } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

/** The filters by a fact of a token, all of them wanted. */
interface Wanted {
  readonly createdBy: string
  readonly makers: readonly string[]
  readonly grants: readonly string[]
  readonly createdAfter: number
  readonly createdBefore: number
  readonly usedAfter: number
  readonly unusedSince: number
  readonly expiresBefore: number
}

type Some = { readonly [Name in keyof Wanted]?: Wanted[Name] | null }

/** The same in words of their own. */
const NAIVE: { readonly [Name in keyof Wanted]: (token: TokenRecord, wanted: Wanted[Name]) => boolean } = {
  createdBy: ({ createdBy }, person) => createdBy === person,
  makers: ({ makers }, lines) => lines.some((line) => makers.includes(line)),
  grants: ({ scopes }, grants) => grants.some((scope) => scopes.includes(scope)),
  createdAfter: ({ createdAt }, at) => createdAt > at,
  createdBefore: ({ createdAt }, at) => createdAt < at,
  usedAfter: ({ lastUsedAt }, at) => lastUsedAt !== null && lastUsedAt > at,
  unusedSince: ({ lastUsedAt, createdAt }, at) => (lastUsedAt === null ? createdAt < at : lastUsedAt < at),
  expiresBefore: ({ expiresAt, expiryCeiling }, at) =>
    [expiresAt, expiryCeiling].some((end) => end !== null && end < at),
}

const PEOPLE = ['ada@example.com', 'dana', 'Dana']
const SCOPES = ['jobs:read', 'jobs:write', 'jobs:*', 'Jobs:read', 'teams:read']
const LINES = ['line-a', 'line-b', 'line-c']
const MANY = 500
const SAMPLES = { seed: 16 }

// Few values, so that many tokens stand at the very instant of a filter.
const instant = integer({ min: NOW + 1, max: NOW + 9 })
const facts = record({
  createdAt: instant,
  createdBy: option(constantFrom(...PEOPLE)),
  scopes: subarray(SCOPES),
  makers: subarray(LINES),
  lastUsedAt: option(instant),
  expiresAt: option(instant),
  expiryCeiling: option(instant),
})
const someFilters = record({
  createdBy: option(constantFrom(...PEOPLE), { freq: 2 }),
  makers: option(subarray(LINES, { minLength: 1 }), { freq: 2 }),
  grants: option(subarray(SCOPES, { minLength: 2 }), { freq: 2 }),
  createdAfter: option(instant, { freq: 2 }),
  createdBefore: option(instant, { freq: 2 }),
  usedAfter: option(instant, { freq: 2 }),
  unusedSince: option(instant, { freq: 2 }),
  expiresBefore: option(instant, { freq: 2 }),
})

/** Random tokens by creation. */
async function givenAtRandom(store: StepsOnStore): Promise<readonly TokenRecord[]> {
  const random = sample(facts, { ...SAMPLES, numRuns: MANY })
  const unused = await givenMany(store, MANY, (number) => ({ ...random[number], lastUsedAt: null }))
  const tokens = unused.map((token, number) => ({ ...token, lastUsedAt: random[number]?.lastUsedAt ?? null }))
  await store.recordUse(
    tokens.flatMap(({ owner, id, lastUsedAt }) => (lastUsedAt === null ? [] : [{ owner, id, at: lastUsedAt }])),
  )
  return tokens.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
}

function passes<Name extends keyof Wanted>(token: TokenRecord, name: Name, wanted: Some[Name]): boolean {
  return wanted === null || wanted === undefined || NAIVE[name](token, wanted)
}

async function expectAgreement({ store, expect }: Stage, tokens: readonly TokenRecord[], wanted: Some): Promise<void> {
  const filters: Partial<TokenFilters> = wanted
  const names = Object.keys(NAIVE) as (keyof Wanted)[]
  const expected = tokens.filter((token) => names.every((name) => passes(token, name, wanted[name])))
  const what = `the tokens by ${JSON.stringify(wanted)}`
  expectNames(
    expect,
    await idsOf(store, filters),
    expected.map(({ id }) => id),
    what,
  )
}

const INSTANTS = [NOW + 2, NOW + 5] as const

/** By name, the values to filter by alone. */
const ALONE: { readonly [Name in keyof Wanted]: readonly Wanted[Name][] } = {
  createdBy: ['dana', 'DANA'],
  makers: [['line-c', 'line-b'], ['line']],
  grants: [['jobs:read', 'jobs:*'], ['jobs:'], []],
  createdAfter: INSTANTS,
  createdBefore: INSTANTS,
  usedAfter: INSTANTS,
  unusedSince: INSTANTS,
  expiresBefore: INSTANTS,
}

const PROVES: readonly string[] = [
  'one that is `null` or left out filters nothing',
  'Scopes, one of them among those of a token, to the letter.',
  'Exclusive, like every instant here: created later.',
  'Created earlier than this.',
  'Last used later than this.',
  'Last used earlier than this, or created earlier and never used.',
  'Expiring earlier than this',
]

export const listFacts: Chapter = chapter('list: filters over 500 random tokens', PROVES, (it) => {
  // In one case: to make so many tokens takes a store longer than to list them.
  it('agrees with a naive filter by each fact, and by several together', async (stage) => {
    const tokens = await givenAtRandom(stage.store)
    for (const [name, values] of Object.entries(ALONE))
      for (const value of values) await expectAgreement(stage, tokens, { [name]: value })
    for (const wanted of sample(someFilters, { ...SAMPLES, numRuns: 20 })) await expectAgreement(stage, tokens, wanted)
  })
})
