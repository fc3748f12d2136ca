import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prefixes } from '../../../testing/arbitraries.ts'
import { matchesPreview, preview } from './preview.ts'
import { generateSecret } from './secret.ts'

const SECRET = 'ot_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdG00NahHx'
const PREVIEW = 'ot_pat_0123********ahHx'

describe('preview', () => {
  it('shows the prefix, the first four characters, eight asterisks and the last four characters', () => {
    expect(preview(SECRET)).toBe(PREVIEW)
  })

  it('does so for every prefix', () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        const secret = generateSecret(prefix, '9G')
        const body = secret.slice(prefix.length + 1)
        expect(preview(secret)).toBe(`${prefix}_${body.slice(0, 4)}********${body.slice(-4)}`)
      }),
    )
  })
})

describe('matchesPreview', () => {
  it('knows the secret that a preview was made of', () => {
    expect(matchesPreview(SECRET, PREVIEW)).toBe(true)
    expect(matchesPreview(SECRET, 'ot_pat_0123********ahHy')).toBe(false)
    expect(matchesPreview(SECRET, '')).toBe(false)
  })

  it('distinguishes 10,000 secrets and the preview of another', () => {
    const shown = preview(generateSecret('ot_pat', '9G'))
    const matching = Array.from({ length: 10_000 }, () => generateSecret('ot_pat', '9G')).filter((secret) =>
      matchesPreview(secret, shown),
    )
    expect(matching).toEqual([])
  })

  it('takes nothing for a secret that is none, not even the preview itself', () => {
    expect(matchesPreview(PREVIEW, PREVIEW)).toBe(false)
    expect(matchesPreview(`${SECRET.slice(0, 20)}x${SECRET.slice(21)}`, PREVIEW)).toBe(false)
    expect(matchesPreview('', preview(''))).toBe(false)
  })
})
