import { beforeAll, expect, it, vi } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { WireRecord } from '../support/four-apis/api-under-test.ts'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import { statuses } from '../support/four-apis/wire.ts'

interface Page {
  readonly pagination: Readonly<Record<string, number | null>>
  readonly sorting: object
  readonly summaries: readonly WireRecord[]
}

const TOTAL = 33
const SEEDED = 7

describeFourApis(
  'offset',
  (four) => {
    const api = four.apis.offset
    const page = async (query = '') => parseJson<Page>(await api.call('GET', api.facts.list + query))
    const range = (offset: number, size: number) => page(`?pagination[offset]=${offset}&pagination[page_size]=${size}`)

    beforeAll(async () => {
      for (let count = SEEDED; count < TOTAL; count += 1) await api.issue()
    })

    it('says success, where the page stands, and its order', async () => {
      const body = await page()
      expect(Object.keys(body)).toEqual(['status', 'pagination', 'sorting', 'summaries'])
      expect(body).toMatchObject({ status: 'success', sorting: { field: 'id', direction: 'asc' } })
      expect(body.summaries).toHaveLength(10)
    })

    it.each([
      { offset: 0, size: 10, items: [1, 10], index: 1, next: 10, previous: null },
      { offset: 10, size: 10, items: [11, 20], index: 2, next: 20, previous: 0 },
      { offset: 5, size: 10, items: [6, 15], index: 1, next: 15, previous: 0 },
      { offset: 30, size: 10, items: [31, 33], index: 4, next: null, previous: 20 },
      { offset: 0, size: 100, items: [1, 33], index: 1, next: null, previous: null },
      { offset: 0, size: 33, items: [1, 33], index: 1, next: null, previous: null },
      { offset: 32, size: 1, items: [33, 33], index: 33, next: null, previous: 31 },
      { offset: 33, size: 10, items: [0, 0], index: 4, next: null, previous: 30 },
      { offset: 2_147_483_647, size: 100, items: [0, 0], index: 21_474_837, next: null, previous: 0 },
    ])('counts the page of $size from $offset', async ({ offset, size, items, index, next, previous }) => {
      const { pagination, summaries } = await range(offset, size)
      expect(pagination).toEqual({
        item_count: TOTAL,
        item_start: items[0],
        item_end: items[1],
        page_count: Math.ceil(TOTAL / size),
        page_index: index,
        page_offset: offset,
        page_size: size,
        next_page_offset: next,
        previous_page_offset: previous,
      })
      expect(summaries).toHaveLength(items[0] === 0 ? 0 : (items[1] ?? 0) - (items[0] ?? 0) + 1)
    })

    it.each([1, 4, 10, 100])('walks by %i along next_page_offset through every token once', async (size) => {
      const ids: string[] = []
      for (let offset: number | null = 0; offset !== null; ) {
        const { pagination, summaries }: Page = await range(offset, size)
        ids.push(...summaries.map(({ id }) => id))
        offset = pagination['next_page_offset'] ?? null
      }
      expect(ids).toHaveLength(TOTAL)
      expect(ids).toEqual([...new Set(ids)].toSorted())
    })

    it('sorts by id as by creation', async () => {
      const [byId, byTime] = await Promise.all(
        ['id', 'timestamp'].map((field) => page(`?sorting[field]=${field}&pagination[page_size]=100`)),
      )
      expect(byTime?.summaries.map(({ id }) => id)).toEqual(byId?.summaries.map(({ id }) => id))
    })

    it.each([
      { field: 'id', column: 'id' },
      { field: 'timestamp', column: 'inserted_at' },
      { field: 'last_seen', column: 'last_used_at' },
      { field: 'status', column: 'status' },
    ])('sorts by $field in both directions, ties by id', async ({ field, column }) => {
      await api.statusOf(api.facts.tokens.spare.secret)
      await vi.waitFor(
        async () => expect((await api.get(api.facts.tokens.spare.id))['last_used_at']).not.toBeNull(),
        10_000,
      )
      const sorted = async (direction: string) =>
        page(`?sorting[field]=${field}&sorting[direction]=${direction}&pagination[page_size]=100`)
      const ascending = await sorted('asc')
      expect(ascending.sorting).toEqual({ field, direction: 'asc' })
      const keys = ascending.summaries.map((record) => (record[column] as string | null) ?? '')
      expect(keys).toEqual(keys.toSorted())
      const descending = await sorted('desc')
      expect(descending.sorting).toEqual({ field, direction: 'desc' })
      expect(descending.summaries.map(({ id }) => id)).toEqual(ascending.summaries.map(({ id }) => id).toReversed())
    })

    it.each([
      ...['pagination[offset]=-1', 'pagination[offset]=', 'pagination[offset]=x', 'pagination[offset]=1.0'],
      ...['pagination[offset]=1&pagination[offset]=1', 'pagination[page_size]=0', 'pagination[page_size]=101'],
      ...['pagination[page_size]=', 'sorting[field]=', 'sorting[field]=name', 'sorting[field]=title'],
      ...['sorting[field]=email', 'sorting[field]=started_at', 'sorting[field]=__proto__', 'sorting[field]=ID'],
      ...['sorting[direction]=', 'sorting[direction]=ASC', 'sorting[direction]=up'],
      ...['sorting[direction]=asc&sorting[direction]=desc', 'account_id=a&account_id=a'],
    ])('refuses %s', async (query) => {
      expectFault(await api.call('GET', `${api.facts.list}?${query}`), api, 'badParameter')
    })

    it.each(['pagination[offset][x]=9', 'pagination=9', 'sorting[]=x', 'pagination[Offset]=x', 'offset=9'])(
      'ignores %s, which it does not have',
      async (query) => {
        expect((await page(`?${query}`)).pagination).toEqual((await page()).pagination)
      },
    )

    it("takes the caller's own account and refuses another's", async () => {
      const { owner, tokens } = api.facts
      expect(await page(`?account_id=${owner}`)).toMatchObject({ summaries: { length: 10 } })
      const others = await api.call('GET', `${api.facts.list}?account_id=${tokens.otherOwner.owner}`)
      expect(JSON.parse(others.body)).toMatchObject({ status: 'error', code: 'not_permitted' })
      expect(others.status).toBe(statuses.insufficientScope)
      expect(others.headers.has('www-authenticate')).toBe(false)
      for (const account of ['', 'x', owner.toUpperCase(), `${owner}0`]) {
        const answer = await api.call('GET', `${api.facts.list}?account_id=${account}`)
        expect(JSON.parse(answer.body)).toMatchObject({ status: 'error', code: 'unexpected_ref_type' })
        expect(answer.status).toBe(400)
      }
    })

    it('shows whose token it is, by whom, of what kind', async () => {
      for (const summary of (await page()).summaries) {
        expect(summary).toMatchObject({
          account_id: api.facts.owner,
          created_by_admin_user_id: expect.stringMatching(api.wire.id) as string,
          environment_id: null,
          token_scope: 'account',
          type: 'api_token',
          expires_at: expect.stringMatching(api.wire.instant) as string,
        })
      }
    })

    it('moves updated_at when a token is revoked and not when it is used', async () => {
      const { secret, record } = await api.issue()
      expect(record['updated_at']).toBe(record['inserted_at'])
      const later = Date.parse(String(record['inserted_at'])) + 1_000
      await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(later), { timeout: 2_000, interval: 20 })
      await api.statusOf(secret)
      const used = async () => (await api.get(record.id))['last_used_at']
      await vi.waitFor(async () => expect(await used()).not.toBeNull(), { timeout: 10_000, interval: 100 })
      expect((await api.get(record.id))['updated_at']).toBe(record['updated_at'])
      const revoked = await api.revoke(record.id)
      expect(Date.parse(String(revoked['updated_at']))).toBeGreaterThanOrEqual(later)
    }, 15_000)
  },
  '--active-limit',
  '0',
)
