import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestOf } from '../../testing/request.ts'
import { BODY_LIMIT } from './message.ts'
import type { HttpHeaders, HttpRequest } from './message.ts'
import { readBody, readJson, readOptionalJson, readSignedBody } from './read-body.ts'

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const bytes = (text: string) => new TextEncoder().encode(text)
const typed = (type: string, body: unknown) => requestOf({ headers: { 'content-type': [type] }, body })
const refused = (code: string) => expect.objectContaining({ name: 'Problem', code })

function failingWith(error: unknown): HttpRequest {
  async function readBody(): Promise<unknown> {
    throw error
  }
  return { ...requestOf({ headers: { 'content-type': [JSON_TYPE] } }), readBody }
}

describe('readBody', () => {
  it.each([
    FORM_TYPE,
    'APPLICATION/X-WWW-FORM-URLENCODED',
    `${FORM_TYPE};charset=utf-8`,
    `${FORM_TYPE} ; Charset=UTF-8`,
    `${FORM_TYPE}; charset="utf-8"`,
    `${FORM_TYPE}; charset=utf8`,
    `${FORM_TYPE}; boundary=x; charset=utf-8`,
    `${FORM_TYPE};`,
  ])('takes the media type %s', async (type) => {
    await expect(readBody(typed(type, bytes('a=b')), FORM_TYPE)).resolves.toBe('a=b')
  })

  it.each([
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded-2',
    '*/*',
    '',
    `text/plain; ${FORM_TYPE}`,
    `${FORM_TYPE}, ${FORM_TYPE}`,
    `${FORM_TYPE}; charset=utf-16`,
    `${FORM_TYPE}; charset=iso-8859-1`,
    `${FORM_TYPE}; charset=utf-8x`,
    `${FORM_TYPE}; charset=`,
  ])('refuses the media type %j', async (type) => {
    await expect(readBody(typed(type, bytes('a=b')), FORM_TYPE)).rejects.toEqual(refused('unsupported_media_type'))
  })

  it('refuses a body without a media type, and one with two', async () => {
    await expect(readBody(requestOf({ body: 'a=b' }), FORM_TYPE)).rejects.toEqual(refused('unsupported_media_type'))
    const twice = requestOf({ headers: { 'content-type': [FORM_TYPE, FORM_TYPE] }, body: 'a=b' })
    await expect(readBody(twice, FORM_TYPE)).rejects.toEqual(refused('unsupported_media_type'))
  })

  it('does not read a body of the wrong media type', async () => {
    const unreadable = { ...requestOf(), readBody: () => Promise.reject(new Error('was read')) }
    await expect(readBody(unreadable, FORM_TYPE)).rejects.toEqual(refused('unsupported_media_type'))
  })

  it('takes 102,400 bytes and refuses one more', async () => {
    const full = 'a'.repeat(BODY_LIMIT)
    await expect(readBody(typed(FORM_TYPE, bytes(full)), FORM_TYPE)).resolves.toBe(full)
    await expect(readBody(typed(FORM_TYPE, bytes(`${full}a`)), FORM_TYPE)).rejects.toEqual(refused('payload_too_large'))
  })

  it('refuses by Content-Length what it need not read', async () => {
    const announcing = (length: number) => ({
      ...requestOf({ headers: { 'content-type': [FORM_TYPE], 'content-length': [String(length)] } }),
      readBody: () => Promise.reject(new Error('was read')),
    })
    await expect(readBody(announcing(BODY_LIMIT + 1), FORM_TYPE)).rejects.toEqual(refused('payload_too_large'))
    await expect(readBody(announcing(BODY_LIMIT), FORM_TYPE)).rejects.toThrow('was read')
  })

  it.each([['gzip'], ['zz'], ['identity, br']])(
    'refuses the coding %s, unless the adapter has undone it',
    async (coding) => {
      const headers = { 'content-type': [FORM_TYPE], 'content-encoding': [coding] }
      const request = requestOf({ headers, body: bytes('a=b') })
      const accepted = { headers: { 'Accept-Encoding': 'identity' } }
      await expect(readBody(request, FORM_TYPE)).rejects.toMatchObject({ code: 'unsupported_media_type', ...accepted })
      await expect(readBody({ ...request, decoded: true }, FORM_TYPE)).resolves.toBe('a=b')
      const identity = { ...headers, 'content-encoding': ['Identity'] }
      await expect(readBody({ ...request, headers: identity }, FORM_TYPE)).resolves.toBe('a=b')
    },
  )

  it('names the media type that it would take', async () => {
    await expect(readBody(requestOf(), FORM_TYPE)).rejects.toMatchObject({ headers: { Accept: FORM_TYPE } })
  })

  it('drops a byte order mark', async () => {
    await expect(readBody(typed(FORM_TYPE, bytes('\ufeffa=b')), FORM_TYPE)).resolves.toBe('a=b')
  })

  it.each([[[0xff]], [[0xc3]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xf5, 0x80, 0x80, 0x80]]])(
    'refuses %j, which is not UTF-8',
    async (broken) => {
      const request = typed(FORM_TYPE, Uint8Array.from(broken))
      await expect(readBody(request, FORM_TYPE)).rejects.toEqual(refused('invalid_request'))
    },
  )

  it('hands on what a parser of the app made of the body', async () => {
    const parsed = { a: 'b' }
    await expect(readBody(typed(FORM_TYPE, parsed), FORM_TYPE)).resolves.toBe(parsed)
    await expect(readBody(typed(FORM_TYPE, undefined), FORM_TYPE)).resolves.toBeUndefined()
  })

  it.each([
    [413, 'payload_too_large'],
    [415, 'unsupported_media_type'],
    [400, 'invalid_request'],
  ])('answers a reader that fails with status %i', async (status, code) => {
    const failure = Object.assign(new Error('of the reader'), { status })
    await expect(readBody(failingWith(failure), JSON_TYPE)).rejects.toEqual(refused(code))
  })

  it.each([new Error('a fault'), Object.assign(new Error('a fault'), { status: 500 }), 'a fault', null, undefined])(
    'passes on a failure that is not the client’s: %s',
    async (fault) => {
      await expect(readBody(failingWith(fault), JSON_TYPE)).rejects.toBe(fault)
    },
  )
})

describe('readJson', () => {
  it('reads an object from bytes and from text', async () => {
    await expect(readJson(typed(JSON_TYPE, bytes('{"name":"é"}')))).resolves.toEqual({ name: 'é' })
    await expect(readJson(typed(JSON_TYPE, '{"name":"é"}'))).resolves.toEqual({ name: 'é' })
    await expect(readJson(typed(JSON_TYPE, bytes('\ufeff {} ')))).resolves.toEqual({})
  })

  it('takes an object that the app has parsed', async () => {
    await expect(readJson(typed(JSON_TYPE, { name: 'é' }))).resolves.toEqual({ name: 'é' })
  })

  it.each(['', ' ', '{', '{"a":1,}', "{'a':1}", '{"a":1}{"b":2}', 'undefined', '{"a":NaN}', '// a\n{}'])(
    'refuses %j, which is not JSON',
    async (text) => {
      await expect(readJson(typed(JSON_TYPE, bytes(text)))).rejects.toEqual(refused('invalid_request'))
    },
  )

  it.each(['[]', 'null', '"a"', '7', 'true', '[{"name":"a"}]'])('refuses %s, which is no object', async (text) => {
    await expect(readJson(typed(JSON_TYPE, bytes(text)))).rejects.toEqual(refused('invalid_request'))
  })

  it.each([undefined, null, 7, true, ['name']])('refuses %j from a parser of the app', async (parsed) => {
    await expect(readJson(typed(JSON_TYPE, parsed))).rejects.toEqual(refused('invalid_request'))
  })

  it('keeps __proto__ an ordinary name', async () => {
    const body = await readJson(typed(JSON_TYPE, bytes('{"__proto__":{"name":"a"}}')))
    expect(Object.keys(body)).toEqual(['__proto__'])
    expect(Reflect.get(body, 'name')).toBeUndefined()
  })

  it('never repeats the body, which may hold a secret', async () => {
    const request = typed(JSON_TYPE, bytes('{"secret": ot_pat_0123}'))
    const problem: unknown = await readJson(request).catch((error: unknown) => error)
    expect(JSON.stringify(problem, ['message', 'facts', 'headers', 'stack'])).not.toContain('ot_pat_0123')
  })

  it('refuses every other body with a problem and no other error', async () => {
    const bodies = fc.oneof(fc.string(), fc.json(), fc.uint8Array())
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const outcome: unknown = await readJson(typed(JSON_TYPE, body)).catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toEqual(refused('invalid_request'))
        else expect(outcome).toBeTypeOf('object')
      }),
    )
  })
})

describe('readOptionalJson', () => {
  it.each<[string, HttpHeaders]>([
    ['no headers of a body', {}],
    ['a length of 0', { 'content-length': ['0'] }],
    ['a length of 0 and a type', { 'content-length': ['0'], 'content-type': ['text/plain'] }],
  ])('reads no body from %s', async (_, headers) => {
    await expect(readOptionalJson(requestOf({ headers, body: bytes('{') }))).resolves.toEqual({})
  })

  it.each([undefined, bytes(''), ''])('takes %j for no body, where there might have been one', async (body) => {
    await expect(readOptionalJson(typed(JSON_TYPE, body))).resolves.toEqual({})
  })

  it.each<HttpHeaders>([{ 'content-length': ['9'] }, { 'transfer-encoding': ['chunked'] }, {}])(
    'reads a body if the headers announce one: %j',
    async (headers) => {
      const all = { 'content-type': [JSON_TYPE], ...headers }
      await expect(readOptionalJson(requestOf({ headers: all, body: bytes('{"a":1}') }))).resolves.toEqual({ a: 1 })
      await expect(readOptionalJson(requestOf({ headers: all, body: bytes('[]') }))).rejects.toEqual(
        refused('invalid_request'),
      )
    },
  )

  it('reads an empty chunked body as none, of whatever type and coding', async () => {
    for (const more of [{}, { 'content-type': ['text/plain'] }, { 'content-encoding': ['zz'] }]) {
      const headers: HttpHeaders = { 'transfer-encoding': ['chunked'], ...more }
      await expect(readOptionalJson(requestOf({ headers, body: bytes('') }))).resolves.toEqual({})
    }
  })

  it('fails if the body cannot be had: that is no empty one', async () => {
    const fault = new Error('was read before')
    await expect(readOptionalJson(failingWith(fault))).rejects.toBe(fault)
  })

  it('wants to know of what type a body is', async () => {
    for (const headers of [{ 'content-length': ['2'] }, { 'transfer-encoding': ['chunked'] }])
      await expect(readOptionalJson(requestOf({ headers, body: bytes('{}') }))).rejects.toEqual(
        refused('unsupported_media_type'),
      )
  })
})

describe('readSignedBody', () => {
  it('gives the bytes as they came, and a text as UTF-8', async () => {
    const sent = Uint8Array.of(0x5b, 0x20, 0xff, 0x5d)
    expect(await readSignedBody(typed(JSON_TYPE, sent), JSON_TYPE)).toBe(sent)
    expect(await readSignedBody(typed(JSON_TYPE, '[ "ü"]'), JSON_TYPE)).toEqual(Buffer.from('[ "ü"]'))
  })

  it('refuses a body over the limit, of another type, or in a coding, even a decoded one', async () => {
    const long = new Uint8Array(BODY_LIMIT + 1)
    await expect(readSignedBody(typed(JSON_TYPE, long), JSON_TYPE)).rejects.toEqual(refused('payload_too_large'))
    await expect(readSignedBody(typed('text/plain', ''), JSON_TYPE)).rejects.toEqual(refused('unsupported_media_type'))
    const headers = { 'content-type': [JSON_TYPE], 'content-encoding': ['gzip'] }
    const coded = requestOf({ headers, decoded: true, body: bytes('[]') })
    await expect(readSignedBody(coded, JSON_TYPE)).rejects.toEqual(refused('unsupported_media_type'))
  })

  it('is the fault of an app that parsed it before', async () => {
    await expect(readSignedBody(typed(JSON_TYPE, []), JSON_TYPE)).rejects.toThrow(
      'mount its handler before the parsers',
    )
  })
})
