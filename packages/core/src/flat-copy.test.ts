import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flatCopy } from './flat-copy.ts'

describe('flatCopy', () => {
  it('is the same text, for all that is well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        expect(flatCopy(text)).toBe(text)
      }),
    )
  })
})
