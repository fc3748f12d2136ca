import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { CallOptions } from '../support/four-apis/api-under-test.ts'
import { connect } from '../support/four-apis/connection.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

const LIMIT = 102_400
const json = [['Content-Type', 'application/json']] as const

/** A good request of exactly this many bytes. */
function bodyOf(bytes: number): string {
  const body = JSON.stringify({ name: 'Padded', scopes: [] })
  return body + ' '.repeat(bytes - body.length)
}

/** The same body in one chunk of unannounced length. */
function chunked(body: string) {
  const headers = [...json, ['Transfer-Encoding', 'chunked']] as const
  return { headers, tail: `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` }
}

describeInMemory(
  'a body',
  (four) => {
    describe.each(four.all)('sent to $name', (api) => {
      const post = (options: CallOptions) => api.call('POST', api.facts.list, options)

      it.each([
        '',
        '{',
        '{"name":"CI","scopes":[]}}',
        "{'name':'CI'}",
        'null',
        '[]',
        '"CI"',
        '1',
        'true',
        '\ufeff{',
        '{"name":"\n"}',
        '['.repeat(50_000),
        '{"a":'.repeat(10_000),
        'NaN',
      ])('that is no JSON object (%#) is 400', async (body) => {
        expectFault(await post({ headers: json, body: Buffer.from(body) }), api, 'badBody')
      })

      it('that is not UTF-8 is 400', async () => {
        const body = Buffer.from('{"name":"\xff","scopes":[]}', 'latin1')
        expectFault(await post({ headers: json, body }), api, 'badBody')
      })

      it('of 102,400 bytes is read and one of a byte more is 413', async () => {
        expect(await post({ headers: json, body: bodyOf(LIMIT) })).toMatchObject({ status: 201 })
        expectFault(await post({ headers: json, body: bodyOf(LIMIT + 1) }), api, 'tooLarge')
      })

      it('of unannounced length has the same limit', async () => {
        const connection = await connect(four.announcement.url)
        for (const length of [LIMIT, LIMIT + 1]) {
          const { headers, tail } = chunked(bodyOf(length))
          const head = api.request('POST', api.facts.list, { headers })
          const answer = await connection.send(Buffer.concat([head, Buffer.from(tail)]))
          if (length === LIMIT) expect(answer.status).toBe(201)
          else expectFault(answer, api, 'tooLarge')
        }
        connection.close()
      })

      it('of 2 MB is 413 and leaves the connection in order', async () => {
        const connection = await connect(four.announcement.url)
        const long = api.request('POST', api.facts.list, { headers: json, body: bodyOf(2_000_000) })
        const [refused, after] = await Promise.all([long, api.request('GET', api.facts.list)].map(connection.send))
        connection.close()
        expectFault(refused ?? expect.fail(), api, 'tooLarge')
        expect(after?.status).toBe(200)
      })

      it.each([
        'text/plain',
        'text/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json-patch+json',
        'application/json; charset=iso-8859-1',
        'application/json, text/plain',
        'json',
        '',
      ])('of the media type "%s" is 415', async (type) => {
        const body = JSON.stringify({ name: 'CI', scopes: [] })
        expectFault(await post({ headers: [['Content-Type', type]], body }), api, 'mediaType')
      })

      it('without a media type is 415', async () => {
        expectFault(await post({ body: '{"name":"CI","scopes":[]}' }), api, 'mediaType')
        expectFault(await post({}), api, 'mediaType')
      })

      it.each(['application/json;charset=utf-8', 'Application/JSON; Charset="UTF-8"'])(
        'of the media type %s is read',
        async (type) => {
          const body = JSON.stringify({ name: 'CI', scopes: [] })
          expect(await post({ headers: [['Content-Type', type]], body })).toMatchObject({ status: 201 })
        },
      )

      it('that is compressed counts by what it unpacks to', async () => {
        const headers = [...json, ['Content-Encoding', 'gzip']] as const
        const bomb = gzipSync(bodyOf(10_000_000))
        expect(bomb.length).toBeLessThan(LIMIT)
        expectFault(await post({ headers, body: bomb }), api, 'tooLarge')
        expectFault(await post({ headers, body: 'no gzip' }), api, 'badBody')
      })

      it('in an unknown encoding is 415', async () => {
        const headers = [...json, ['Content-Encoding', 'rot13']] as const
        expectFault(await post({ headers, body: bodyOf(100) }), api, 'mediaType')
      })

      it('of a caller without credentials is not read', async () => {
        const bad = { secret: null, headers: json, body: '{' }
        expectFault(await post(bad), api, 'unauthenticated')
      })
    })
  },
  '--active-limit',
  '0',
)
