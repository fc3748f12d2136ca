import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { Place } from '../store/query.ts'
import { invalidParameter } from '../token/errors.ts'
import type { Tokens } from '../tokens.ts'
import type { ListOptions } from './list-tokens.ts'

/** Issued one a second from `NOW` on; each but the first is used half a second later, and expires after a minute. */
async function issueThree(options: Parameters<typeof openTokens>[0] = {}) {
  const opened = openTokens(options)
  const { tokens, clock, watched } = opened
  for (const [name, scopes] of [
    ['eternal', ['jobs:read']],
    ['wide', ['jobs:*']],
    ['both', ['jobs:read', 'jobs:write']],
  ] as const) {
    const expiresAt = name === 'eternal' ? null : new Date(clock.now + 60_000)
    const { token } = await tokens.issue({ owner: 'acme', name, scopes, expiresAt })
    const use = { owner: 'acme', id: token.id, at: clock.now + 500 }
    if (name !== 'eternal') await watched.store.recordUse([use])
    clock.now += 1_000
  }
  return opened
}

async function named(tokens: Tokens, options: ListOptions): Promise<readonly string[]> {
  return (await tokens.list('acme', options)).tokens.map(({ name }) => name)
}

const at = (ms: number) => new Date(NOW + ms)

describe('the filters of a list', () => {
  it.each<[ListOptions, readonly string[]]>([
    [{ createdAfter: at(0) }, ['wide', 'both']],
    [{ createdBefore: at(2_000) }, ['eternal', 'wide']],
    [{ createdAfter: at(0), createdBefore: at(2_000) }, ['wide']],
    [{ usedAfter: at(1_500) }, ['both']],
    [{ unusedSince: at(2_500) }, ['eternal', 'wide']],
    [{ unusedSince: at(0) }, []],
    [{ expiresBefore: at(62_000) }, ['wide']],
    [{ createdAfter: null, unusedSince: null, scope: null }, ['eternal', 'wide', 'both']],
    [{ createdAfter: at(0), name: 'bo', statuses: ['active'] }, ['both']],
  ])('select by %j', async (options, expected) => {
    const { tokens } = await issueThree({ wildcards: true })
    expect(await named(tokens, options)).toEqual(expected)
  })

  it('find by a scope what permits it: a wildcard counts where the option is on', async () => {
    const { tokens, watched } = await issueThree({ wildcards: true })
    expect(await named(tokens, { scope: 'jobs:read' })).toEqual(['eternal', 'wide', 'both'])
    const strict = openTokens({ store: watched.store }).tokens
    expect(await named(strict, { scope: 'jobs:read' })).toEqual(['eternal', 'both'])
    expect(await named(strict, { scope: 'jobs:*' })).toEqual(['wide'])
  })

  it('find expired tokens by their expiry, too', async () => {
    const { tokens, clock } = await issueThree({ wildcards: true })
    clock.now = NOW + 100_000
    expect(await named(tokens, { expiresBefore: new Date(clock.now) })).toEqual(['wide', 'both'])
    expect(await named(tokens, { expiresBefore: new Date(clock.now), statuses: ['active'] })).toEqual([])
  })

  const instant = 'a valid instant, or null'
  it.each<[string, object, string]>([
    ...['createdAfter', 'createdBefore', 'usedAfter', 'unusedSince', 'expiresBefore'].flatMap(
      (name): [string, object, string][] =>
        [new Date(Number.NaN), NOW, '2026-01-01', {}].map((value) => [name, { [name]: value }, instant]),
    ),
    ...['', 'two scopes', 7, ['jobs:read']].map((scope): [string, object, string] => ['scope', { scope }, 'one scope']),
  ])('refuse as %s, before any store call: %j', async (parameter, options, right) => {
    const { tokens, watched } = openTokens()
    await expect(tokens.list('acme', options as ListOptions)).rejects.toEqual(invalidParameter(parameter, right))
    expect(watched.calls).toEqual([])
  })
})

describe('a filtered list of 20,000 tokens', () => {
  const MANY = 20_000
  const MOST = 5_000

  it('answers short pages that go on, each after so many tokens, and ends at the end', async () => {
    const { tokens, clock, watched } = openTokens()
    const records = Array.from({ length: MANY }, (_, number) => sampleRecord({ createdAt: NOW + number }))
    await watched.store.change('acme', { ids: [], key: null }, () => ({ answer: null, add: records }))
    const nexts: (string | undefined)[] = []
    let after: Place | null = null
    for (;;) {
      const page = await tokens.list('acme', { name: 'none', window: { after, limit: 10 } })
      expect(page.tokens).toEqual([])
      if (page.next === null) break
      nexts.push(page.next.id)
      after = page.next
      // A place outlives its row, also one that did not pass the filter.
      await tokens.revoke('acme', page.next.id)
      clock.now += 1
      expect(await tokens.prune({ keepMs: 0 })).toBe(1)
    }
    const ends = [MOST, 2 * MOST, 3 * MOST, 4 * MOST]
    expect(nexts).toEqual(ends.map((end) => records[end - 1]?.id))
    expect((await tokens.list('acme', { name: 'none', window: 'all' })).next).toBeNull()
  })
})
