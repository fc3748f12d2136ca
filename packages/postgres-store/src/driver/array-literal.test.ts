import { describe, expect, it } from 'vitest'
import { arrayLiteral } from './array-literal.ts'

describe('arrayLiteral', () => {
  it.each([
    [[], '{}'],
    [['a', 'b'], '{"a","b"}'],
    [['null', ''], '{"null",""}'],
    [['a,b', '{c}', ' d '], '{"a,b","{c}"," d "}'],
    [['"', '\\', '\\"'], '{"\\"","\\\\","\\\\\\""}'],
  ])('writes %j as %s', (texts, literal) => {
    expect(arrayLiteral(texts)).toBe(literal)
  })
})
