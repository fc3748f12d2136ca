import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../support/four-apis/answer.ts'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'
import { forbiddenWords } from '../support/four-apis/forbidden-words.ts'
import { announcedSecrets } from '../support/four-apis/four-apis-server.ts'
import { openLane } from '../support/four-apis/lane.ts'
import { undated } from '../support/four-apis/undated.ts'
import { isReadable, presentation } from './arbitrary-authorization.ts'
import type { Presented } from './arbitrary-authorization.ts'

const RUNS_PER_API = 5_600
const METHODS = ['GET', 'GET', 'PUT', 'OPTIONS']

type Refusal = 'unauthenticated' | 'badToken' | 'severalCredentials'

/** What the credentials of a request deserve: a refusal, or the door when they are exactly one live secret. */
function deserved(credentials: readonly string[], live: readonly string[]): Refusal | 'entry' {
  if (credentials.length > 1) return 'severalCredentials'
  const [value = ''] = credentials.map(withoutOuterSpace)
  const [, secret] = /^bearer((?: .*)?)$/is.exec(value) ?? []
  if (secret === undefined) return 'unauthenticated'
  return live.includes(secret.replace(/^ +/, '')) ? 'entry' : 'badToken'
}

describeInMemory('an Authorization header of any kind', (four) => {
  describe.concurrent.each(four.all)('sent to $name', (api) => {
    const refusals = new Map<Refusal, string>()
    const counts = { readable: 0, unreadable: 0, entries: 0 }

    async function learnRefusals(): Promise<void> {
      const right = `Bearer ${api.facts.tokens.valid.secret}`
      const examples = { unauthenticated: [], badToken: ['Bearer x'], severalCredentials: [right, right] }
      for (const [refusal, values] of Object.entries(examples) as [Refusal, string[]][]) {
        const headers = values.map((value) => ['Authorization', value] as const)
        const answer = await api.call('GET', api.facts.list, { secret: null, headers })
        expectFault(answer, api, refusal)
        refusals.set(refusal, undated(answer))
      }
    }

    function expectDeserved(answer: Answer, credentials: readonly string[]): void {
      const verdict = deserved(credentials, liveSecrets(api))
      if (verdict === 'entry') expect([200, 403, 404, 405]).toContain(answer.status)
      else expect(undated(answer)).toBe(refusals.get(verdict))
      if (verdict === 'entry') counts.entries += 1
    }

    it(`lets in the exact secret only, and answers all else with the same bytes (${RUNS_PER_API} runs)`, async () => {
      await learnRefusals()
      const words = forbiddenWords(four.announcement)
      const lane = openLane(four.announcement.url)

      async function attempt(method: string, path: string, { headers, credentials, query }: Presented): Promise<void> {
        const request = api.request(method, path + query, { secret: null, headers })
        const readable = isReadable(headers)
        const answer = await (readable ? lane.send(request) : four.exchange(request))
        if (readable) expectDeserved(answer, credentials)
        else expectUnread(answer)
        expect(words.filter((word) => answer.raw.includes(word))).toEqual([])
        counts[readable ? 'readable' : 'unreadable'] += 1
      }

      const { list, protected: guarded, tokens } = api.facts
      const paths = [list, guarded, api.item(tokens.valid.id), api.item('x')]
      const own = Array.from({ length: 6 }, () => liveSecrets(api)).flat()
      const presentations = presentation({
        secrets: [...announcedSecrets(four.announcement), ...own],
        ids: four.all.flatMap(({ facts }) => Object.values(facts.tokens).map(({ id }) => id)),
      })
      const property = fc.asyncProperty(fc.constantFrom(...METHODS), fc.constantFrom(...paths), presentations, attempt)
      await fc.assert(property, { numRuns: RUNS_PER_API })
      lane.close()

      expect(counts.readable).toBeGreaterThanOrEqual(5_000)
      expect(counts.unreadable).toBeGreaterThan(50)
      expect(counts.entries).toBeGreaterThan(20)
    }, 120_000)
  })
})

function liveSecrets({ facts: { tokens } }: ApiUnderTest): readonly string[] {
  return [tokens.valid, tokens.spare, tokens.caller, tokens.noScope, tokens.otherOwner].map(({ secret }) => secret)
}

/** As HTTP reads a value: spaces and tabs around it do not count (RFC 9110 §5.5). */
function withoutOuterSpace(value: string): string {
  const characters = [...value]
  const isInner = (character: string) => character !== ' ' && character !== '\t'
  return characters.slice(characters.findIndex(isInner), characters.findLastIndex(isInner) + 1).join('')
}

/** Node's parser refuses it, and the server answers in its place. */
function expectUnread({ status, headers, body }: Answer): void {
  expect([400, 431]).toContain(status)
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(JSON.parse(body)).toEqual({ error: { code: 'invalid_request', message: 'This is not an HTTP request.' } })
}
