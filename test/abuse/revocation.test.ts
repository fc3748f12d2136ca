import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { forbiddenWords } from '../support/four-apis/forbidden-words.ts'
import { announcedSecrets } from '../support/four-apis/four-apis-server.ts'
import { openLane } from '../support/four-apis/lane.ts'
import { presentedSecret } from './arbitrary-secret.ts'

const RUNS = 1_500
const FORM = 'application/x-www-form-urlencoded'
const live = ['valid', 'spare', 'caller', 'noScope', 'otherOwner'] as const

describeInMemory('a form of any kind, sent to the RFC 7009 endpoint of plain', (four) => {
  const api = four.apis.plain

  it(`revokes nothing without an exact secret (${RUNS} runs)`, async () => {
    const words = forbiddenWords(four.announcement)
    const lane = openLane(four.announcement.url)
    const own = live.map((name) => api.facts.tokens[name].secret)
    const ids = Object.values(api.facts.tokens).map(({ id }) => id)
    const secrets = announcedSecrets(four.announcement)
    const presented = presentedSecret({ secrets: [...secrets, ...own, ...own], ids }).filter(
      (text) => !own.includes(text),
    )
    const name = fc.constantFrom('token', 'token', 'token', 'token_type_hint', 'token[]', 'Token', '__proto__', 'x', '')
    const field = fc.tuple(name, presented, fc.boolean())
    const type = fc.constantFrom(FORM, FORM, FORM, FORM, `${FORM}; charset=utf-8`, 'text/plain', 'application/json')

    async function attempt(fields: readonly [string, string, boolean][], type: string): Promise<void> {
      const written = fields.map(
        ([name, text, isRaw]) => `${name}=${isRaw ? text.replaceAll('&', '') : encodeURIComponent(text)}`,
      )
      const body = Buffer.from(written.join('&'), 'latin1')
      // What stands unescaped may read as a secret after all: as one with a space or an escape around it, it must not.
      const values = new URLSearchParams(body.toString()).getAll('token')
      fc.pre(!values.some((value) => own.includes(value)))
      const request = api.request('POST', api.facts.revoke ?? '', {
        secret: null,
        headers: [['Content-Type', type]],
        body,
      })
      const answer = await lane.send(request)
      if (!type.startsWith(FORM)) expect(answer.status).toBe(415)
      else if (body.length > 102_400) expect(answer.status).toBe(413)
      else if (!isUtf8(body)) expect(answer).toMatchObject({ status: 400, body: '{"error":"invalid_request"}' })
      else if (values.length === 1 && values[0] !== '') expect(answer).toMatchObject({ status: 200, body: '' })
      else expect(answer).toMatchObject({ status: 400, body: '{"error":"invalid_request"}' })
      expect(words.filter((word) => answer.raw.includes(word))).toEqual([])
    }

    await fc.assert(fc.asyncProperty(fc.array(field, { maxLength: 3 }), type, attempt), { numRuns: RUNS })
    lane.close()
    for (const secret of own) expect(await api.statusOf(secret)).not.toBe(401)
  }, 60_000)
})

function isUtf8(bytes: Uint8Array): boolean {
  return !Buffer.from(bytes).toString().includes('\ufffd')
}
