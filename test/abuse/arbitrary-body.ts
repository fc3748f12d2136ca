import * as fc from 'fast-check'
import type { Fault } from '../support/wire.ts'
import type { Header } from './arbitrary-authorization.ts'

/** A body to issue with, and what is wrong with it; `null` when nothing is. */
export interface WrongBody {
  readonly headers: readonly Header[]
  readonly body: Uint8Array
  readonly fault: Fault | null
}

export interface BodyNames {
  readonly expiry: string
  readonly scopes: readonly string[]
}

const LIMIT = 102_400
const json: readonly Header[] = [['Content-Type', 'application/json']]
const owners = ['owner', 'ownerId', 'userId', 'account_id', 'org_id', 'organizationId']
const natives = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', '']

/** JSON texts of every kind; some are beyond what JavaScript can hold or write. */
const anyJson = fc.oneof(
  { weight: 5, arbitrary: fc.json({ maxDepth: 4, stringUnit: 'binary' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '1e400',
      '-1e400',
      '0.1e-400',
      '9007199254740993',
      '1'.repeat(5_000),
      '{"__proto__":{}}',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('"\\ud800"', '"\\udfff x"', '"\\u0000"', '"\\n"', '"\\u0085"') },
  { weight: 1, arbitrary: fc.nat(20_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)) },
  { weight: 1, arbitrary: fc.nat(10_000).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) },
)

const notAString = anyJson.filter((text) => !text.trim().startsWith('"'))
const badName = fc.oneof(
  notAString,
  fc.constantFrom('""', '"\\ud800"', '"a\\udfffb"', '"\\u0000"', '"a\\nb"', '"\\u007f"', '"\\u0085"', '"\\u009f"'),
  fc.integer({ min: 256, max: 90_000 }).map((length) => JSON.stringify('x'.repeat(length))),
)
const unknownScope = fc.string().filter((scope) => !scope.includes(':'))
const badScopes = fc.oneof(
  anyJson.filter((text) => !text.trim().startsWith('[')),
  fc.array(unknownScope, { minLength: 1, maxLength: 5 }).map((scopes) => JSON.stringify(scopes)),
  fc.array(notAString, { minLength: 1, maxLength: 5 }).map((items) => `[${items.join(',')}]`),
  fc.constantFrom('["*"]', '["jobs:*"]', '["tokens:read "]', '["tokens:read","__proto__"]'),
  fc
    .integer({ min: 101, max: 5_000 })
    .map((count) => JSON.stringify(Array.from({ length: count }, () => 'tokens:read'))),
)
const badExpiry = fc.oneof(
  anyJson.filter((text) => text.trim() !== 'null'),
  fc.date({ max: new Date('2020-01-01'), noInvalidDate: true }).map((date) => JSON.stringify(date)),
  fc.constantFrom('"9999-99-99T00:00:00Z"', '"+275760-09-13T00:00:00Z"', '"2030-01-01"', '"2030-01-01T00:00:00"'),
)
const extraName = fc.oneof(fc.constantFrom(...owners, ...natives), fc.string({ unit: 'binary' }))

/** A body with exactly one thing wrong, or none: each kind of fault in turn. */
export function wrongBody({ expiry, scopes }: BodyNames): fc.Arbitrary<WrongBody> {
  const good = { name: '"CI"', scopes: JSON.stringify(scopes) }
  const known = ['name', 'scopes', expiry]
  const objectOf = (fields: object, ...last: string[]) =>
    `{${[...Object.entries(fields).map(([name, text]) => `"${name}":${String(text)}`), ...last].join(',')}}`
  const text = (texts: fc.Arbitrary<string>, fault: Fault | null) =>
    texts.map((each): WrongBody => ({ headers: json, body: Buffer.from(each), fault }))

  return fc.oneof(
    {
      weight: 4,
      arbitrary: text(
        badName.map((name) => objectOf({ ...good, name })),
        'badParameter',
      ),
    },
    {
      weight: 4,
      arbitrary: text(
        badScopes.map((scopes) => objectOf({ ...good, scopes })),
        'badParameter',
      ),
    },
    {
      weight: 4,
      arbitrary: text(
        badExpiry.map((value) => objectOf({ ...good, [expiry]: value })),
        'badParameter',
      ),
    },
    // The last of two fields of the same name counts.
    {
      weight: 1,
      arbitrary: text(
        badName.map((name) => objectOf(good, `"name":${name}`)),
        'badParameter',
      ),
    },
    {
      weight: 1,
      arbitrary: text(
        badScopes.map((bad) => objectOf({ scopes: bad }, `"name":"CI"`)),
        'badParameter',
      ),
    },
    {
      weight: 4,
      arbitrary: text(
        fc
          .tuple(extraName, anyJson)
          .filter(([name]) => !known.includes(name))
          .map(([name, value]) => objectOf(good, `${JSON.stringify(name)}:${value}`)),
        'badParameter',
      ),
    },
    { weight: 1, arbitrary: text(fc.constantFrom('{}', '{"name":"CI"}', objectOf({ scopes: '[]' })), 'missingField') },
    {
      weight: 4,
      arbitrary: text(
        anyJson.filter((each) => !each.trim().startsWith('{')),
        'badBody',
      ),
    },
    { weight: 4, arbitrary: text(brokenJson(objectOf(good)), 'badBody') },
    { weight: 2, arbitrary: brokenUtf8(objectOf(good)) },
    { weight: 3, arbitrary: otherMediaType(Buffer.from(objectOf(good))) },
    { weight: 1, arbitrary: tooLong(objectOf(good)) },
    { weight: 1, arbitrary: text(fc.constant(objectOf(good)), null) },
  )
}

function brokenJson(good: string): fc.Arbitrary<string> {
  return fc
    .oneof(
      fc.nat(good.length - 1).map((length) => good.slice(0, length)),
      fc
        .tuple(fc.nat(good.length - 1), fc.constantFrom('\0', "'", '{', '}', '\\', '#', '//', ',,'))
        .map(([at, text]) => `${good.slice(0, at)}${text}${good.slice(at)}`),
      fc.constantFrom(
        '{"name":"CI",}',
        "{'name':'CI'}",
        '{name:"CI"}',
        '\ufeff{',
        '{"name":NaN}',
        '{"name":01}',
        '/**/{}',
      ),
    )
    .filter((text) => !isJson(text))
}

function brokenUtf8(good: string): fc.Arbitrary<WrongBody> {
  const bytes = Buffer.from(good)
  return fc.tuple(fc.nat(bytes.length), fc.constantFrom([0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0x80])).map(
    ([at, bad]): WrongBody => ({
      headers: json,
      body: Buffer.concat([bytes.subarray(0, at), Buffer.from(bad), bytes.subarray(at)]),
      fault: 'badBody',
    }),
  )
}

function otherMediaType(body: Uint8Array): fc.Arbitrary<WrongBody> {
  const token = fc.stringMatching(/^[A-Za-z0-9!#$&^_.+-]{1,20}$/)
  const types = fc.oneof(
    fc.tuple(token, token).map((parts) => parts.join('/')),
    fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a', 'text/json'),
    fc.constantFrom('application/json; charset=utf-16', 'application/json;charset=latin1', '__proto__', '*/*', ''),
  )
  const encodings = fc.constantFrom('rot13', 'zstd, gzip', 'constructor', '__proto__', 'compress')
  return fc.oneof(
    types.map((type): WrongBody => ({ headers: [['Content-Type', type]], body, fault: 'mediaType' })),
    encodings.map((each): WrongBody => ({ headers: [...json, ['Content-Encoding', each]], body, fault: 'mediaType' })),
    fc.constant<WrongBody>({ headers: [], body, fault: 'mediaType' }),
    fc.constant<WrongBody>({ headers: [...json, ...json], body, fault: 'mediaType' }),
    fc
      .constantFrom('gzip', 'deflate', 'br')
      .map((each): WrongBody => ({ headers: [...json, ['Content-Encoding', each]], body, fault: 'badBody' })),
  )
}

/** Most of them a little over the limit, some up to 2 MB. */
function tooLong(good: string): fc.Arbitrary<WrongBody> {
  const length = fc.oneof(fc.integer({ min: LIMIT + 1, max: LIMIT + 5 }), fc.integer({ min: LIMIT, max: 2_000_000 }))
  return length.map((each) => ({ headers: json, body: Buffer.from(good.padEnd(each + 1)), fault: 'tooLarge' }))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
