import { describe, expect, it } from 'vitest'
import { openApiHandler } from './open-api-handler.ts'

const document = { openapi: '3.1.0', info: { title: 'Tokens', version: '1' }, paths: {} }

function ask(method: string, ifNoneMatch?: readonly string[]) {
  const headers = ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }
  const request = { method, path: '/', query: '', headers, params: {}, caller: null, readBody: async () => undefined }
  return openApiHandler(document)(request)
}

describe('openApiHandler', () => {
  it.each(['GET', 'HEAD'])('answers %s with the document, to be asked for again', async (method) => {
    const { status, headers, body } = await ask(method)
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual(document)
    expect(headers).toEqual({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-cache',
      ETag: expect.stringMatching(/^"[\w-]{27}"$/),
    })
  })

  it('answers 304 to whoever has it (RFC 9110 §13.1.2)', async () => {
    const { ETag = '' } = (await ask('GET')).headers
    for (const has of [[ETag], [`W/${ETag}`], ['*'], [`"other", ${ETag}`], ['"other"', ETag]])
      expect(await ask('GET', has)).toEqual({ status: 304, headers: { 'Cache-Control': 'no-cache', ETag }, body: '' })
    expect(await ask('GET', ['"other"', ETag.slice(1, -1)])).toMatchObject({ status: 200 })
  })

  it('has another ETag for another document', async () => {
    const other = openApiHandler({ ...document, openapi: '3.1.1' })
    const request = {
      method: 'GET',
      path: '/',
      query: '',
      headers: {},
      params: {},
      caller: null,
      readBody: async () => '',
    }
    expect((await other(request)).headers['ETag']).not.toBe((await ask('GET')).headers['ETag'])
  })

  it('answers other methods with 405', async () => {
    expect(await ask('POST')).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } })
  })

  it.each([undefined, null, 'openapi: 3.1.0', {}, { ...document, openapi: '2.0' }, { openapi: '3.1.0', info: {} }])(
    'refuses to be built for %j',
    (wrong) => {
      expect(() => Reflect.apply(openApiHandler, undefined, [wrong])).toThrow(TypeError)
    },
  )
})
