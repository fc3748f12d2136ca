import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compactText, escapeText, expandText } from './compact-text.ts'

const AWKWARD = [
  '',
  'a\nb',
  '\t',
  '\v',
  '\\',
  '"',
  '********',
  '*********',
  '\t********',
  '\\t',
  'ot_pat_c3f9********bd21',
  '\ud800',
  '\ufffd',
  '\u2028',
  '0b7c1d2e-93a4-4f5b-8c6d-7e8f90a1b2c3',
  '0B7C1D2E-93A4-4F5B-8C6D-7E8F90A1B2C3',
  '0b7c1d2e93a44f5b8c6d7e8f90a1b2c3',
]
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.uuid(), fc.constantFrom(...AWKWARD))

describe('compactText', () => {
  it('is one line that expands to the same text, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(compactText(text)).not.toMatch(/[\n\r]/)
        expect(expandText(compactText(text))).toBe(text)
      }),
    )
  })

  it.each(AWKWARD)('brings back %j', (text) => {
    expect(expandText(compactText(text))).toBe(text)
  })

  it('takes a UUID in 23 bytes and the asterisks of a preview in one', () => {
    expect(Buffer.byteLength(compactText('0b7c1d2e-93a4-4f5b-8c6d-7e8f90a1b2c3'))).toBe(23)
    expect(Buffer.byteLength(compactText('ot_pat_c3f9********bd21'))).toBe(16)
  })
})

describe('escapeText', () => {
  it('gives different texts different bytes, ill-formed ones too', () => {
    const escaped = AWKWARD.map((text) => Buffer.from(escapeText(text)).toString('hex'))
    expect(new Set(escaped).size).toBe(AWKWARD.length)
  })

  it('leaves plain text as it is, so that ids keep their order', () => {
    expect(escapeText('tok_a-1{b}:ü🚀')).toBe('tok_a-1{b}:ü🚀')
  })
})
