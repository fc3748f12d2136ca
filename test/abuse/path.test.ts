import { METHODS } from 'node:http'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../support/four-apis/answer.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { forbiddenWords } from '../support/four-apis/forbidden-words.ts'
import { announcedSecrets } from '../support/four-apis/four-apis-server.ts'
import { openLane } from '../support/four-apis/lane.ts'

const RUNS_PER_API = 400

/** Anything that a request target can hold; `?` and `#` would end the path. */
const bytes = fc.stringMatching(/^[!"$->@-~]{1,40}$/)
const escaped = fc
  .array(fc.nat(255), { minLength: 1, maxLength: 20 })
  .map((codes) => codes.map((code) => `%${code.toString(16).padStart(2, '0')}`).join(''))
const natives = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '..',
  '.',
  '%2e%2e',
  '%2F',
  '%',
  '%zz',
  '*',
  '$',
)

describeInMemory('a path of any kind', (four) => {
  describe.concurrent.each(four.all)('below the tokens of $name', (api) => {
    it(`is not found, and is not repeated (${RUNS_PER_API} runs)`, async () => {
      const words = forbiddenWords(four.announcement)
      const lane = openLane(four.announcement.url)
      const segment = fc.oneof(bytes, escaped, natives, fc.constantFrom(...announcedSecrets(four.announcement)))
      const segments = fc.array(segment, { minLength: 1, maxLength: 4 })
      const methods = fc.constantFrom('GET', 'DELETE', 'POST', 'PUT', 'PATCH', 'OPTIONS')

      async function attempt(method: string, path: readonly string[], secret: string | null): Promise<void> {
        const answer = await lane.send(api.request(method, `${api.facts.list}/${path.join('/')}`, { secret }))
        expect(secret === null ? [401, 404] : [404, 405]).toContain(answer.status)
        expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
        expect(path.filter((each) => each.length > 12 && answer.raw.includes(each))).toEqual([])
        expect(words.filter((word) => answer.raw.includes(word))).toEqual([])
      }

      const secrets = fc.constantFrom(api.facts.tokens.caller.secret, null)
      await fc.assert(fc.asyncProperty(methods, segments, secrets, attempt), { numRuns: RUNS_PER_API })
      lane.close()
    }, 120_000)
  })
})

describeInMemory('a request line of any kind', (four) => {
  function expectRefused({ status, headers, body }: Answer): void {
    expect([400, 404, 405]).toContain(status)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(JSON.parse(body)).toHaveProperty('error')
  }

  it('is refused in JSON when its method, path or version is none (500 runs)', async () => {
    const paths = four.all.map(({ facts }) => facts.list)
    const target = fc.oneof(
      bytes,
      fc.constantFrom(...paths, '*', 'http://', '//', 'http://127.0.0.1:0/', '\\', '\xff\xfe'),
    )
    // Node hangs up on CONNECT, which asks for a tunnel; and GET may well be served.
    const method = fc
      .oneof(fc.stringMatching(/^[A-Z-]{1,12}$/), fc.stringMatching(/^[!-~]{1,12}$/))
      .filter((each) => !METHODS.includes(each))

    async function attempt(method: string, target: string): Promise<void> {
      expectRefused(await four.exchange(four.apis.plain.request(method, target)))
    }
    await fc.assert(fc.asyncProperty(method, target, attempt), { numRuns: 500 })
  }, 60_000)

  it.each(['', '\0', 'GET', 'GET /', 'GET / HTTP/9.9', '{"a":1}', '\x16\x03\x01\x02\x00', 'SSH-2.0-x'])(
    'is refused in JSON when it is %j',
    async (line) => {
      expectRefused(await four.exchange(Buffer.from(`${line}\r\nHost: x\r\n\r\n`, 'latin1')))
    },
  )
})
