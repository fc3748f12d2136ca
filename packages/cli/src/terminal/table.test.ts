import { describe, expect, it } from 'vitest'
import { tableLines } from './table.ts'
import { printable, widthOf } from './width.ts'

describe('tableLines', () => {
  const head = [{ title: 'ID' }, { title: 'NAME', cutTo: 6 }]

  it('lines up wide and combined characters by their cells', () => {
    expect(widthOf('日本語')).toBe(6)
    expect(widthOf('e\u0301')).toBe(1)
    expect(widthOf('👩‍👩‍👧')).toBe(2)
    expect(
      tableLines(
        [{ title: 'N' }, { title: 'X' }],
        [
          ['日本', 'a'],
          ['CI', 'b'],
        ],
        undefined,
      ),
    ).toEqual(['N     X', '日本  a', 'CI    b'])
  })

  it('cuts for a terminal that is too narrow, an id never, and nothing outside of one', () => {
    const rows = [['0123456789', 'a long name']]
    expect(tableLines(head, rows, 18)[1]).toBe('0123456789  a lon…')
    expect(tableLines(head, rows, 80)[1]).toBe('0123456789  a long name')
    expect(tableLines(head, rows, undefined)[1]).toBe('0123456789  a long name')
  })

  it('takes more rows than a function takes arguments', () => {
    expect(
      tableLines(
        [{ title: 'N' }],
        Array.from({ length: 200_000 }, () => ['1']),
        undefined,
      ),
    ).toHaveLength(200_001)
  })

  it('shows nothing that moves the cursor, colours, or turns the line round', () => {
    expect(printable('a\u001B[31mb\u202Ec\u0007')).toBe('a\uFFFD[31mb\uFFFDc\uFFFD')
    expect(tableLines(head, [['1', 'a\nb']], undefined)).toHaveLength(2)
  })
})
