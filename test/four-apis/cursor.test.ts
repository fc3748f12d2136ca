import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { WireRecord } from '../support/four-apis/api-under-test.ts'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import { undated } from '../support/four-apis/undated.ts'

interface Page {
  readonly items: readonly WireRecord[]
  readonly next_cursor: string | null
}

const SEEDED = 6
const ISSUED = 54

describeFourApis(
  'cursor',
  (four) => {
    const api = four.apis.cursor
    const page = async (query = '') => parseJson<Page>(await api.call('GET', api.facts.list + query))
    const inOrg = (orgID: string, path = api.facts.list) => path.replace(api.facts.owner, orgID)

    /** Follows the cursors to the end; `between` runs after each page with what it showed. */
    async function walk(limit: number, between: (items: readonly WireRecord[]) => Promise<unknown> = async () => {}) {
      const ids: string[] = []
      for (let next: string | null = ''; next !== null; ) {
        const { items, next_cursor }: Page = await page(`?limit=${limit}${next && `&cursor=${next}`}`)
        ids.push(...items.map(({ id }) => id))
        await between(items)
        next = next_cursor
      }
      return ids
    }

    beforeAll(async () => {
      for (let count = 0; count < ISSUED; count += 1) await api.issue()
    })

    it('shows 50 items, oldest first, and where to go on', async () => {
      const body = await page()
      expect(Object.keys(body)).toEqual(['items', 'next_cursor'])
      expect(body.items).toHaveLength(50)
      expect(body.next_cursor).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      const created = body.items.map((record) => String(record['created_at']))
      expect(created).toEqual(created.toSorted())
    })

    it('ends with a null cursor', async () => {
      expect((await page('?limit=100')).next_cursor).toBeNull()
      expect((await page(`?limit=${SEEDED + ISSUED}`)).next_cursor).toBeNull()
    })

    it.each([1, 7, 59, 60, 100])('walks by %i through every item once', async (limit) => {
      const { items: all } = await page('?limit=100')
      expect(all).toHaveLength(SEEDED + ISSUED)
      expect(await walk(limit)).toEqual(all.map(({ id }) => id))
    })

    it('walks through every item once, also while some are issued and revoked between pages', async () => {
      const before = (await page('?limit=100')).items.map(({ id }) => id)
      const doomed = new Set<string>()
      const walked = await walk(9, async (items) => {
        const last = items.at(-1)?.id ?? ''
        doomed.add(last)
        if (last !== api.facts.tokens.caller.id) await api.revoke(last)
        if (doomed.size < 4) await api.issue()
      })
      expect(walked.slice(0, before.length)).toEqual(before)
      expect(new Set(walked).size).toBe(walked.length)
      expect(walked).toHaveLength(before.length + 3)
    })

    it.each([
      ...['limit=0', 'limit=101', 'limit=-1', 'limit=', 'limit=x', 'limit=1.5', 'limit=1&limit=1'],
      ...['cursor=', 'cursor=x', 'cursor=null', `cursor=${'0'.repeat(36)}`, 'cursor=%00', 'cursor=__proto__'],
      `cursor=${randomUUID()}&cursor=${randomUUID()}`,
    ])('refuses %s', async (query) => {
      const [field = ''] = query.split('=')
      expectFault(await api.call('GET', `${api.facts.list}?${query}`), api, 'badParameter', { field })
    })

    it('selects nothing by a cursor that is unknown or of another organization', async () => {
      for (const cursor of [randomUUID(), api.facts.tokens.otherOwner.id]) {
        expect(await page(`?cursor=${cursor}`)).toEqual({ items: [], next_cursor: null })
      }
    })

    it('takes a cursor whatever its case', async () => {
      const { next_cursor } = await page('?limit=1')
      expect(await page(`?limit=1&cursor=${next_cursor?.toUpperCase()}`)).toEqual(
        await page(`?limit=1&cursor=${next_cursor}`),
      )
    })

    it('shows the organization, and the prefix and first four characters of the secret', async () => {
      const { id, secret } = api.facts.tokens.valid
      expect(await api.get(id)).toMatchObject({ org_id: api.facts.owner, prefix: secret.slice(0, 'aeth_'.length + 4) })
    })

    describe('the organization in the path', () => {
      const paths = () => [
        ['GET', api.facts.list],
        ['POST', api.facts.list],
        ['GET', api.item(api.facts.tokens.valid.id)],
        ['DELETE', api.item(api.facts.tokens.spare.id)],
        ['GET', api.facts.protected],
      ]

      it.each(['x', '__proto__', 'constructor', '%FF', '%00', '%2e%2e', '0'.repeat(36), `${randomUUID()}0`])(
        'is refused as malformed when it is %j',
        async (orgID) => {
          for (const [method = '', path] of paths()) {
            const answer = await api.call(method, inOrg(orgID, path))
            expectFault(answer, api, 'badParameter', { field: 'orgID' })
          }
        },
      )

      it('is not looked at before the credentials', async () => {
        for (const [method = '', path] of paths()) {
          for (const orgID of ['x', '%FF', '%']) {
            expectFault(await api.call(method, inOrg(orgID, path), { secret: null }), api, 'unauthenticated')
            expectFault(await api.call(method, inOrg(orgID, path), { secret: 'x' }), api, 'badToken')
          }
        }
      })

      it("answers another's with the same bytes as one that does not exist", async () => {
        const others = api.facts.tokens.otherOwner.owner ?? ''
        for (const [method = '', path] of paths()) {
          const answers = await Promise.all([others, randomUUID()].map((orgID) => api.call(method, inOrg(orgID, path))))
          for (const answer of answers) expectFault(answer, api, 'notFound')
          const [first, second] = answers.map(undated)
          expect(second).toBe(first)
        }
      })

      it('is compared without case, and may be a UUID of any version', async () => {
        const path = inOrg(api.facts.owner.toUpperCase())
        expect(await api.call('GET', path)).toMatchObject({ status: 200 })
        for (const orgID of ['2489E9AD-2EE2-8E00-8EC9-32D5F69181C0', '00000000-0000-0000-0000-000000000000']) {
          expectFault(await api.call('GET', inOrg(orgID)), api, 'notFound')
        }
      })
    })
  },
  '--active-limit',
  '0',
)
