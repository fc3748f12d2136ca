import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { Answer } from '../support/four-apis/answer.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { forbiddenWords } from '../support/four-apis/forbidden-words.ts'
import { openLane } from '../support/four-apis/lane.ts'
import { statuses } from '../support/four-apis/wire.ts'
import type { Fault } from '../support/four-apis/wire.ts'
import { wrongBody } from './arbitrary-body.ts'
import type { WrongBody } from './arbitrary-body.ts'

const RUNS_PER_API = 1_300

describeInMemory('a body of any kind', (four) => {
  describe.concurrent.each(four.all)('sent to $name', (api) => {
    const seen = new Map<Fault | null, number>()

    function expectFaultOf(answer: Answer, fault: Fault | null): void {
      if (fault === null) {
        expect([201, statuses.limitReached]).toContain(answer.status)
        return
      }
      const body = parseJson<{ code?: string; error?: { code: string } }>(answer)
      const code = api.name === 'offset' ? body.code : body.error?.code
      expect({ status: answer.status, code }).toEqual({ status: statuses[fault], code: api.wire.codes[fault] })
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(answer.headers.has('www-authenticate')).toBe(false)
    }

    it(`that has a fault is refused for it, in the words of the API (${RUNS_PER_API} runs)`, async () => {
      const words = forbiddenWords(four.announcement)
      const lane = openLane(four.announcement.url)

      async function attempt({ headers, body, fault }: WrongBody): Promise<void> {
        const answer = await lane.send(
          api.request('POST', api.facts.list, { headers, body: Buffer.from(body, 'latin1') }),
        )
        expectFaultOf(answer, fault)
        expect(words.filter((word) => answer.raw.includes(word))).toEqual([])
        seen.set(fault, (seen.get(fault) ?? 0) + 1)
      }

      const property = fc.asyncProperty(wrongBody(api.wire.names.expiry, api.wire.scopes), attempt)
      await fc.assert(property, { numRuns: RUNS_PER_API })
      lane.close()
      for (const fault of ['badParameter', 'missingField', 'badBody', 'mediaType', 'tooLarge', null] as const) {
        expect(seen.get(fault), String(fault)).toBeGreaterThan(5)
      }
    }, 120_000)
  })
})
