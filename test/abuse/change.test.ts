import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { Answer } from '../support/four-apis/answer.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { forbiddenWords } from '../support/four-apis/forbidden-words.ts'
import { openLane } from '../support/four-apis/lane.ts'
import { tokenChanges } from '../support/four-apis/token-changes.ts'
import { anyJson, badName, badScopes, brokenJson, otherJson, otherName } from './arbitrary-json.ts'

const RUNS_PER_API = 400

/** Bodies that no change of a token takes, as JSON texts or nearly so. */
const wrongBodies = fc.oneof(
  otherJson,
  brokenJson('{"name":"CI","scopes":[]}').filter((text) => text.trim() !== ''),
  badName.map((name) => `{"name":${name}}`),
  badScopes.map((scopes) => `{"scopes":${scopes}}`),
  fc.tuple(otherName, anyJson).map(([name, value]) => `{"name":"CI",${JSON.stringify(name)}:${value}}`),
  fc.constant('{"name":"CI"}'.padEnd(102_401)),
)

const keys = fc.oneof(
  fc.stringMatching(/^[!-~]{1,300}$/),
  fc.constantFrom('', ' ', '\t', 'a b', '\xff', '__proto__', 'constructor'),
)

describeInMemory('a change with a body of any kind', (four) => {
  const changes = fc.constantFrom(...tokenChanges.filter(({ method }) => method !== 'DELETE'))

  function expectRefused(answer: Answer): void {
    expect([400, 413]).toContain(answer.status)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(parseJson(answer)).toBeTypeOf('object')
  }

  describe.concurrent.each(four.all)('of a token of $name', (api) => {
    it(`is refused, and changes nothing (${RUNS_PER_API} runs)`, async () => {
      const words = forbiddenWords(four.announcement)
      const lane = openLane(four.announcement.url)
      const { id } = api.facts.tokens.spare
      const before = await api.get(id)
      const json = [['Content-Type', 'application/json']] as const
      await fc.assert(
        fc.asyncProperty(changes, wrongBodies, async ({ method, action }, body) => {
          const answer = await lane.send(api.request(method, api.item(id) + action, { headers: json, body }))
          expectRefused(answer)
          expect(words.filter((word) => answer.raw.includes(word))).toEqual([])
        }),
        { numRuns: RUNS_PER_API },
      )
      lane.close()
      expect(await api.get(id)).toEqual(before)
    }, 120_000)

    it(`has an answer for a key of any kind (${RUNS_PER_API} runs)`, async () => {
      const lane = openLane(four.announcement.url)
      const { id } = api.facts.tokens.valid
      await fc.assert(
        fc.asyncProperty(fc.constantFrom('suspend', 'resume'), keys, async (action, key) => {
          const headers = [['Idempotency-Key', key]] as const
          const { status } = await lane.send(api.request('POST', `${api.item(id)}/${action}`, { headers }))
          expect(/^[!-~]{1,255}$/.test(key) ? [200, 409] : [400]).toContain(status)
        }),
        { numRuns: RUNS_PER_API },
      )
      lane.close()
    }, 120_000)
  })
})
