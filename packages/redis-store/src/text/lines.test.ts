import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compactText } from './compact-text.ts'
import { hasMore, linesOf, nextLine, nextNumber, nextText } from './lines.ts'

const text = fc.string({ unit: 'binary', maxLength: 20 })

describe('nextText', () => {
  it('brings back every text, one after the other', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
        const lines = linesOf(Buffer.from(texts.map(compactText).join('\n')))
        const read: string[] = []
        while (hasMore(lines)) read.push(nextText(lines))
        expect(read).toEqual(texts)
      }),
    )
  })
})

describe('nextLine', () => {
  it('brings back every line as it is', () => {
    const lines = linesOf(Buffer.from('{"é":"\\n"}\n\nlast'))
    expect([nextLine(lines), nextLine(lines), nextLine(lines), hasMore(lines)]).toEqual([
      '{"é":"\\n"}',
      '',
      'last',
      false,
    ])
  })

  it('throws after the last one', () => {
    const lines = linesOf(Buffer.from('only'))
    expect(nextLine(lines)).toBe('only')
    expect(() => nextLine(lines)).toThrow('a line is missing')
  })
})

describe('nextNumber', () => {
  it('brings back every number, and null for an empty line', () => {
    const number = fc.option(fc.maxSafeNat())
    fc.assert(
      fc.property(number, number, (first, second) => {
        const digits = [first, second].map((each) => each?.toString(36) ?? '')
        const lines = linesOf(Buffer.from(digits.join('\n')))
        expect([nextNumber(lines), nextNumber(lines)]).toEqual([first, second])
        expect(() => nextNumber(lines)).toThrow('a line is missing')
      }),
    )
  })

  it.each(['-1', '1.5', 'A', 'zzzzzzzzzzzz'])('throws for %s', (line) => {
    expect(() => nextNumber(linesOf(Buffer.from(line)))).toThrow('a number is wrong')
  })
})
