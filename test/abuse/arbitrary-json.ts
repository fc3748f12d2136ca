import * as fc from 'fast-check'

const OWNERS = ['owner', 'ownerId', 'userId', 'account_id', 'org_id', 'organizationId']
const NATIVES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', '']
const FRAGMENTS = ['\0', "'", '{', '}', '\\', '#', '//', ',,']
const NO_JSON = ['{"a":1,}', "{'a':1}", '{a:1}', '\ufeff{', '{"a":NaN}', '{"a":01}', '/**/{}', '', '{"a":1}{}']

const nested = fc.integer({ min: 1, max: 2_000 })

/** JSON texts of every kind; some are beyond what JavaScript can hold or write. */
export const anyJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.json({ maxDepth: 4, stringUnit: 'binary' }) },
  { weight: 2, arbitrary: fc.constantFrom('1e400', '-1e400', '1e-400', '9007199254740993', '1'.repeat(5_000)) },
  { weight: 2, arbitrary: fc.constantFrom('"\\ud800"', '"\\udfff x"', '"\\u0000"', '"\\n"', '{"__proto__":{}}') },
  { weight: 1, arbitrary: nested.map((depth) => '['.repeat(depth) + ']'.repeat(depth)) },
  { weight: 1, arbitrary: nested.map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) },
)

const notA = (start: string): fc.Arbitrary<string> => anyJson.filter((text) => !text.trim().startsWith(start))

/** JSON that is no object. */
export const otherJson: fc.Arbitrary<string> = notA('{')

export const badName: fc.Arbitrary<string> = fc.oneof(
  notA('"'),
  fc.constantFrom('""', '"\\ud800"', '"a\\udfffb"', '"\\u0000"', '"a\\nb"', '"\\u007f"', '"\\u0085"', '"\\u009f"'),
  fc.integer({ min: 256, max: 90_000 }).map((length) => JSON.stringify('x'.repeat(length))),
)

export const badScopes: fc.Arbitrary<string> = fc.oneof(
  notA('['),
  fc
    .array(
      fc.string().filter((scope) => !scope.includes(':')),
      { minLength: 1, maxLength: 5 },
    )
    .map((scopes) => JSON.stringify(scopes)),
  fc.array(notA('"'), { minLength: 1, maxLength: 5 }).map((items) => `[${items.join(',')}]`),
  fc.constantFrom('["*"]', '["jobs:*"]', '["tokens:read "]', '["tokens:read","__proto__"]'),
  fc.integer({ min: 101, max: 5_000 }).map((count) => `[${'"tokens:read",'.repeat(count)}"tokens:read"]`),
)

export const badExpiry: fc.Arbitrary<string> = fc.oneof(
  anyJson.filter((text) => text.trim() !== 'null'),
  fc.date({ max: new Date('2020-01-01'), noInvalidDate: true }).map((date) => JSON.stringify(date)),
  fc.constantFrom('"9999-99-99T00:00:00Z"', '"+275760-09-13T00:00:00Z"', '"2030-01-01"', '"2030-01-01T00:00:00"'),
)

/** Names that no body of ours has. */
export const otherName: fc.Arbitrary<string> = fc
  .oneof(fc.constantFrom(...OWNERS, ...NATIVES), fc.string({ unit: 'binary' }))
  .filter((name) => !['name', 'scopes', 'expiresAt', 'expires_at'].includes(name))

/** A JSON text that is cut off or has something in it that does not belong there. */
export function brokenJson(text: string): fc.Arbitrary<string> {
  const at = fc.nat(text.length - 1)
  const cut = at.map((length) => text.slice(0, length))
  const cluttered = fc
    .tuple(at, fc.constantFrom(...FRAGMENTS))
    .map(([index, fragment]) => text.slice(0, index) + fragment + text.slice(index))
  return fc.oneof(cut, cluttered, fc.constantFrom(...NO_JSON)).filter((broken) => !isJson(broken))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
