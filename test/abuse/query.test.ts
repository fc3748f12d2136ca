import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { Answer } from '../support/four-apis/answer.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { forbiddenWords } from '../support/four-apis/forbidden-words.ts'
import { openLane } from '../support/four-apis/lane.ts'
import type { ApiName } from '../support/four-apis/wire.ts'

const RUNS_PER_API = 500

/** The parameters that each API has. */
const KNOWN: Readonly<Record<ApiName, readonly string[]>> = {
  plain: [],
  paged: ['page', 'per_page', 'status', 'name'],
  offset: [
    ...['pagination[offset]', 'pagination[page_size]', 'sorting[field]', 'sorting[direction]', 'account_id'],
    'idempotency_key',
  ],
  cursor: ['cursor', 'limit'],
}
const names = Object.values(KNOWN).flat()
const natives = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '']

const bracketed = fc
  .tuple(fc.constantFrom(...names, ...natives), fc.constantFrom(...natives, '0', 'x', 'status', 'offset', 'limit'))
  .map(([name, inner]) => `${name}[${inner}]`)
const nested = fc
  .tuple(bracketed, fc.array(fc.constantFrom('[]', '[0]', '[__proto__]', '['), { maxLength: 50 }))
  .map(([name, more]) => name + more.join(''))
/** What a request target may hold, but for `&`, `=` and `#`, which part it. */
const targetText = fc.stringMatching(/^[!"$-%'-<>-~]{0,30}$/)
const name = fc.oneof(fc.constantFrom(...names), fc.constantFrom(...natives), bracketed, nested, targetText)
const value = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '-1',
    '1e9',
    '99999999999999999999',
    'NaN',
    'null',
    'true',
    'active',
    'asc',
    '%',
    '%FF',
  ),
  fc.constantFrom(
    '%00',
    '%F0%9F',
    '1%00',
    '%31',
    '+1',
    '__proto__',
    'constructor',
    '00000000-0000-0000-0000-000000000000',
  ),
  targetText,
)
const queries = fc.array(fc.tuple(name, value), { maxLength: 6 })

describeInMemory('a query of any kind', (four) => {
  describe.concurrent.each(four.all)('of a list of $name', (api) => {
    const known = KNOWN[api.name]

    /** A list without the last uses, which move as it is asked for. */
    function still(answer: Answer): unknown {
      return JSON.parse(answer.body.replaceAll(/"(last_used_at|lastUsedAt)":"[^"]*"/g, '"$1":null'))
    }

    it(`is refused for a parameter that the API has, and changes nothing otherwise (${RUNS_PER_API} runs)`, async () => {
      const words = forbiddenWords(four.announcement)
      const lane = openLane(four.announcement.url)
      const plain = still(await api.call('GET', api.facts.list))
      const counts = { ignored: 0, refused: 0 }

      async function attempt(query: readonly [name: string, value: string][]): Promise<void> {
        const text = query.map((pair) => pair.join('=')).join('&')
        const answer = await lane.send(api.request('GET', `${api.facts.list}?${text}`))
        const isKnown = [...new URLSearchParams(text).keys()].some((each) => known.includes(each))
        if (isKnown) expectRead(answer)
        else expect(still(answer)).toEqual(plain)
        expect(words.filter((word) => answer.raw.includes(word))).toEqual([])
        counts[isKnown ? 'refused' : 'ignored'] += 1
      }

      function expectRead(answer: Answer): void {
        expect([200, 400, 403]).toContain(answer.status)
        if (answer.status === 200) return
        const body = parseJson<{ code?: string; error?: { code: string } }>(answer)
        const codes = [api.wire.codes.badParameter, 'not_permitted', 'unexpected_ref_type']
        expect(codes).toContain(api.name === 'offset' ? body.code : body.error?.code)
      }

      await fc.assert(fc.asyncProperty(queries, attempt), { numRuns: RUNS_PER_API })
      lane.close()
      expect(counts.ignored).toBeGreaterThan(20)
      if (known.length > 0) expect(counts.refused).toBeGreaterThan(20)
    }, 120_000)
  })
})
