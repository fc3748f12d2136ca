import { beforeAll, describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { WireRecord } from '../support/four-apis/api-under-test.ts'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

interface Page {
  readonly data: readonly WireRecord[]
  readonly meta: { readonly page: number; readonly per_page: number; readonly total: number }
}

const SEEDED = 7
const NAMES = [
  ...['ci-deploy', 'CI Pipeline Token', 'Ci', 'ΣΊΣΥΦΟΣ', 'straße', 'Ünïcode'],
  ...['100%', '100', 'a_b', 'axb', 'a*b', String.raw`a\b`, 'a+b', 'a b', 'a&b', '[a]', '(a|b)', '^a$', '.'],
]

describeFourApis(
  'paged',
  (four) => {
    const api = four.apis.paged
    const page = async (query = '') => parseJson<Page>(await api.call('GET', api.facts.list + query))
    const named = async (text: string) => {
      const { data } = await page(`?per_page=100&name=${encodeURIComponent(text)}`)
      return data.map(({ name }) => String(name))
    }

    beforeAll(async () => {
      for (const name of NAMES) await api.issue({ name })
    })

    const total = SEEDED + NAMES.length

    it('says which page of how many records it is', async () => {
      const body = await page()
      expect(Object.keys(body)).toEqual(['data', 'meta'])
      expect(body.meta).toEqual({ page: 1, per_page: 25, total })
      expect(body.data).toHaveLength(25)
      expect(await page('?page=2')).toMatchObject({ data: { length: total - 25 }, meta: { page: 2, total } })
    })

    it('has nothing past the end, and the same total', async () => {
      expect(await page('?page=3')).toEqual({ data: [], meta: { page: 3, per_page: 25, total } })
      expect(await page('?page=2147483647&per_page=100')).toMatchObject({ data: [], meta: { total } })
    })

    it.each([1, 7, 25, 100])('walks by %i through every record once, oldest first', async (perPage) => {
      const walked: WireRecord[] = []
      for (let number = 1; ; number += 1) {
        const { data } = await page(`?page=${number}&per_page=${perPage}`)
        if (data.length === 0) break
        walked.push(...data)
      }
      const { data: all } = await page('?per_page=100')
      expect(walked.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
      expect(new Set(walked.map(({ id }) => id)).size).toBe(total)
      const created = walked.map((record) => String(record['created_at']))
      expect(created).toEqual(created.toSorted())
    })

    it.each([
      ...['page=0', 'page=-1', 'page=1.5', 'page=', 'page=x', 'page=1e1', 'page=+1', 'page=99999999999', 'page=%20'],
      ...['per_page=0', 'per_page=101', 'per_page=-1', 'per_page=', 'per_page=ten', 'per_page=0x10'],
      ...['status=', 'status=Active', 'status=unknown', 'status=active,revoked', 'status=__proto__'],
      ...['page=1&page=1', 'per_page=1&per_page=2', 'status=active&status=active', 'name=a&name=b'],
    ])('refuses %s', async (query) => {
      const [field = ''] = query.split('=')
      expectFault(await api.call('GET', `${api.facts.list}?${query}`), api, 'badParameter', { field })
    })

    it.each([
      { status: 'active', count: 4 + NAMES.length },
      { status: 'expired', count: 1 },
      { status: 'revoked', count: 1 },
      { status: 'suspended', count: 1 },
    ])('shows $count of status $status, and counts no others', async ({ status, count }) => {
      const { data, meta } = await page(`?status=${status}&per_page=100`)
      expect(data.map((record) => record['status'])).toEqual(data.map(() => status))
      expect([data.length, meta.total]).toEqual([count, count])
    })

    it('finds a part of a name anywhere, whatever its case', async () => {
      expect(await named('ci')).toEqual(['ci-deploy', 'CI Pipeline Token', 'Ci'])
      expect(await named('DEPLOY')).toEqual(['ci-deploy'])
      expect(await named('pipeline t')).toEqual(['CI Pipeline Token'])
      expect(await named('σίσυφος')).toEqual(['ΣΊΣΥΦΟΣ'])
      expect(await named('STRASSE')).toEqual(['straße'])
      expect(await named('u\u0308n')).toEqual(['Ünïcode'])
      expect(await named('nowhere')).toEqual([])
    })

    it.each(['%', '_', '*', '\\', '+', '&', '[', '(', '^', '.', '|', '$'])('takes %s for itself', async (character) => {
      expect(await named(character)).toEqual(NAMES.filter((name) => name.includes(character)))
    })

    it('filters nothing by an empty name', async () => {
      expect((await page('?name=')).meta.total).toBe(total)
    })

    it('wants every filter to hold', async () => {
      expect(await page('?name=e&status=revoked')).toMatchObject({ data: [{ name: 'Revoked' }], meta: { total: 1 } })
      expect(await page('?name=ci&status=revoked')).toMatchObject({ data: [], meta: { total: 0 } })
      expect(await page('?name=ci&per_page=2&page=2')).toMatchObject({ data: [{ name: 'Ci' }], meta: { total: 3 } })
    })

    describe('a record', () => {
      it('shows the e-mail address of whoever issued it', async () => {
        for (const { created_by: by } of (await page('?per_page=100')).data) expect(by).toMatch(/^[^@\s]+@[^@\s]+$/)
      })
    })
  },
  '--active-limit',
  '0',
)
