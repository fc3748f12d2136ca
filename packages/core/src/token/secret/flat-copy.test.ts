import { describe, expect, it } from 'vitest'
import { flatCopy } from './flat-copy.ts'

describe('flatCopy', () => {
  it.each(['', 'acme_live_pat_c3f9********bd21', 'ein längerer Text', '日本語のテキスト', '🔑 and more'])(
    'is the same text: %j',
    (text) => {
      expect(flatCopy(text)).toBe(text)
    },
  )
})
