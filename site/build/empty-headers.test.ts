import { describe, expect, it } from 'vitest'
import { withoutEmptyHeaders } from './empty-headers.mjs'
import type { Token } from './empty-headers.mjs'

/** What becomes of a table with these texts in its head: the tags of its tokens. */
function headOf(...texts: readonly string[]): string {
  const token = (type: string, tag: string, content = ''): Token => ({ type, tag, content })
  const cells = texts.flatMap((text) => [token('th_open', 'th'), token('inline', '', text), token('th_close', 'th')])
  const tokens = [token('thead_open', 'thead'), ...cells, token('thead_close', 'thead'), token('tbody_open', 'tbody')]
  withoutEmptyHeaders({ core: { ruler: { push: (_name, rule) => rule({ tokens }) } } })
  return tokens.map(({ tag }) => tag).join(' ')
}

describe('withoutEmptyHeaders', () => {
  it('makes a plain cell of an empty one', () => {
    expect(headOf('a', '', 'b')).toBe('thead th  th td  td th  th thead tbody')
  })

  it('leaves a head out if all of it is empty', () => {
    expect(headOf('', '')).toBe('tbody')
  })
})
