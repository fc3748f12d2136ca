import * as fc from 'fast-check'
import type { Fault } from '../support/four-apis/wire.ts'
import type { Header } from './arbitrary-authorization.ts'
import { anyJson, badExpiry, badName, badScopes, brokenJson, otherJson, otherName } from './arbitrary-json.ts'

/** A body to issue with, and what is wrong with it; `null` when nothing is. */
export interface WrongBody {
  readonly headers: readonly Header[]
  /** Its bytes: each character is one, so that a counterexample can be read. */
  readonly body: string
  readonly fault: Fault | null
}

const LIMIT = 102_400
const JSON_TYPE: Header = ['Content-Type', 'application/json']
const TYPES = [
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a', 'text/json', '*/*', ''],
  ...['application/json; charset=utf-16', 'application/json;charset=latin1', '__proto__', 'constructor'],
]

/** A body with exactly one thing wrong, or none: each kind of fault in turn. */
export function wrongBody(expiry: string, scopes: readonly string[]): fc.Arbitrary<WrongBody> {
  const fields = { name: '"CI"', scopes: JSON.stringify(scopes) }
  const good = write(fields)
  const missing = ['{}', write({ name: '"CI"' }), write({ scopes: '[]' }), write({ [expiry]: 'null' })]
  const other = fc.tuple(otherName, anyJson)
  return fc.oneof(
    text(
      4,
      'badParameter',
      badName.map((name) => write({ ...fields, name })),
    ),
    text(
      4,
      'badParameter',
      badScopes.map((scopes) => write({ ...fields, scopes })),
    ),
    text(
      4,
      'badParameter',
      badExpiry.map((value) => write({ ...fields, [expiry]: value })),
    ),
    text(
      4,
      'badParameter',
      other.map(([name, value]) => write(fields, `${JSON.stringify(name)}:${value}`)),
    ),
    // Of two fields of the same name the last one counts.
    text(
      1,
      'badParameter',
      badName.map((name) => write(fields, `"name":${name}`)),
    ),
    text(
      1,
      'badParameter',
      badScopes.map((scopes) => write(fields, `"scopes":${scopes}`)),
    ),
    text(1, 'missingField', fc.constantFrom(...missing)),
    text(4, 'badBody', otherJson),
    text(4, 'badBody', brokenJson(good)),
    { weight: 2, arbitrary: brokenUtf8(good) },
    { weight: 3, arbitrary: otherMediaType(good) },
    { weight: 1, arbitrary: tooLong(good) },
    text(1, null, fc.constant(good)),
  )
}

function write(fields: Readonly<Record<string, string>>, ...last: readonly string[]): string {
  return `{${[...Object.entries(fields).map(([name, text]) => `"${name}":${text}`), ...last].join(',')}}`
}

function text(weight: number, fault: Fault | null, texts: fc.Arbitrary<string>): fc.WeightedArbitrary<WrongBody> {
  const toBody = (text: string): WrongBody => ({
    headers: [JSON_TYPE],
    body: Buffer.from(text).toString('latin1'),
    fault,
  })
  return { weight, arbitrary: texts.map(toBody) }
}

function brokenUtf8(good: string): fc.Arbitrary<WrongBody> {
  return fc
    .tuple(fc.nat(good.length), fc.constantFrom('\xff', '\xc0\xaf', '\xed\xa0\x80', '\x80', '\xf8\x88\x80\x80\x80'))
    .map(([at, bad]) => ({ headers: [JSON_TYPE], body: good.slice(0, at) + bad + good.slice(at), fault: 'badBody' }))
}

function otherMediaType(body: string): fc.Arbitrary<WrongBody> {
  const token = fc.stringMatching(/^[A-Za-z0-9!#$&^_.+-]{1,20}$/)
  const type = fc.oneof(
    fc.tuple(token, token).map((parts) => parts.join('/')),
    fc.constantFrom(...TYPES),
  )
  const encoding = fc.constantFrom('rot13', 'zstd, gzip', 'constructor', '__proto__', 'compress')
  const encoded = (value: string): Header[] => [JSON_TYPE, ['Content-Encoding', value]]
  return fc.oneof(
    type.map((value): WrongBody => ({ headers: [['Content-Type', value]], body, fault: 'mediaType' })),
    encoding.map((value): WrongBody => ({ headers: encoded(value), body, fault: 'mediaType' })),
    fc.constantFrom([], [JSON_TYPE, JSON_TYPE]).map((headers): WrongBody => ({ headers, body, fault: 'mediaType' })),
    fc
      .constantFrom('gzip', 'deflate', 'br')
      .map((value): WrongBody => ({ headers: encoded(value), body, fault: 'badBody' })),
  )
}

/** Half of them just over the limit, the others up to 2 MB. */
function tooLong(good: string): fc.Arbitrary<WrongBody> {
  return fc
    .oneof(fc.integer({ min: LIMIT + 1, max: LIMIT + 5 }), fc.integer({ min: LIMIT + 1, max: 2_000_000 }))
    .map((length) => ({ headers: [JSON_TYPE], body: good.padEnd(length), fault: 'tooLarge' }))
}
