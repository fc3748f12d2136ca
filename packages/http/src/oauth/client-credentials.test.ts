import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../testing/any-text.ts'
import { Problem } from '../message/problem.ts'
import type { Form } from '../message/read-form.ts'
import { readClientCredentials } from './client-credentials.ts'

const ID = 'ci:größe +%&=/"'
const SECRET = 'p ä:s+s%2B/wörd'

const formOf =
  (text = ''): Form =>
  (name) =>
    new URLSearchParams(text).getAll(name)
const encode = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length)
const basic = (pair: string | Uint8Array, scheme = 'Basic') => `${scheme} ${Buffer.from(pair).toString('base64')}`
const read = (authorization: readonly string[], form = '') => readClientCredentials({ authorization }, formOf(form))

describe('readClientCredentials', () => {
  it('reads a Basic header, whose id and secret are form-encoded (RFC 6749 §2.3.1)', () => {
    const credentials = { method: 'client_secret_basic', id: ID, secret: SECRET }
    for (const scheme of ['Basic', 'basic', 'BASIC  '])
      expect(read([basic(`${encode(ID)}:${encode(SECRET)}`, scheme)])).toEqual(credentials)
  })

  it('reads back whatever id and secret were form-encoded', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(text, text, (id, secret) => {
        expect(read([basic(`${encode(id)}:${encode(secret)}`)])).toMatchObject({ id, secret })
      }),
    )
  })

  it('splits at the first colon', () => {
    expect(read([basic('id:a:b')])).toMatchObject({ id: 'id', secret: 'a:b' })
  })

  it('reads the form fields client_id and client_secret', () => {
    const form = new URLSearchParams({ client_id: ID, client_secret: SECRET, token: 'a' }).toString()
    expect(read([], form)).toEqual({ method: 'client_secret_post', id: ID, secret: SECRET })
  })

  it('reads a bearer token', () => {
    expect(read(['Bearer ot_pat_x'])).toEqual({ method: 'Bearer', secret: 'ot_pat_x' })
  })

  it.each([
    ['nothing', []],
    ['another scheme', ['Digest username="a"']],
    ['Basic without credentials', ['Basic']],
    ['Basic that is no base64', ['Basic a:b']],
    ['Basic without a colon', [basic('id')]],
    ['Basic without an id', [basic(':secret')]],
    ['Basic without a secret', [basic('id:')]],
    ['Basic with a wrong percent-encoding', [basic('id:100%')]],
    ['Basic that is not UTF-8', [basic(new Uint8Array([0x61, 0x3a, 0xff]))]],
  ])('finds none in %s', (_, authorization) => {
    expect(read(authorization)).toBeNull()
  })

  it('finds none in a client_id alone, as a public client sends it', () => {
    expect(read([], 'client_id=ci')).toBeNull()
    expect(read([basic('ci:secret')], 'client_id=ci')).toMatchObject({ method: 'client_secret_basic' })
  })

  it.each([
    ['two headers', [basic('a:b'), basic('a:b')], ''],
    ['a header and the form', [basic('a:b')], 'client_id=a&client_secret=b'],
    ['a bearer token and the form', ['Bearer x'], 'client_id=a&client_secret=b'],
    ['two secrets in the form', [], 'client_id=a&client_secret=b&client_secret=b'],
    ['two ids in the form', [], 'client_id=a&client_id=a&client_secret=b'],
    ['a secret without an id', [], 'client_secret=b'],
    ['an empty secret in the form', [], 'client_id=a&client_secret='],
  ])('refuses %s with 400 (RFC 6749 §2.3)', (_, authorization, form) => {
    expect(() => read(authorization, form)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  it('finds some, none or too many in whatever arrives, and fails in no other way', () => {
    const headers = fc.array(
      fc.oneof(
        anyText,
        anyText.map((text) => basic(text)),
        fc.uint8Array().map((bytes) => basic(bytes)),
      ),
    )
    const fields = fc.dictionary(fc.constantFrom('client_id', 'client_secret'), fc.array(anyText))
    fc.assert(
      fc.property(headers, fields, (authorization, form) => {
        try {
          const credentials = readClientCredentials({ authorization }, (name) => form[name] ?? [])
          expect(credentials === null || credentials.secret !== '' || credentials.method === 'Bearer').toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
        }
      }),
    )
  })
})
