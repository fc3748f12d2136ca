import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCompactForm } from './compact-form.ts'

const part = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url'))

describe('isCompactForm', () => {
  it('takes three parts of base64url', () => {
    fc.assert(fc.property(part, part, part, (...parts) => isCompactForm(parts.join('.'))))
  })

  it.each([
    'a.YQ.YQ',
    'YR.YQ.YQ',
    'YQ.YQ.YR',
    'YQ==.YQ.YQ',
    'YQ.YQ.YQ=',
    ' YQ.YQ.YQ',
    'YQ.YQ.YQ ',
    'YQ.YQ.YQ\n',
    'YQ.Y Q.YQ',
    'YQ,YQ.YQ.YQ',
    'YQ.YQ.__+_',
    'YQ.YQ',
    'YQ.YQ.',
    '.YQ.YQ',
    'YQ..YQ',
    'YQ.YQ.YQ.',
    'YQ.YQ.YQ.YQ',
    'YQ.YQ.YQ.YQ.YQ',
    'YQ.YQ.é',
    '',
    undefined,
    null,
    7,
  ])('refuses %j', (text) => {
    expect(isCompactForm(text)).toBe(false)
  })

  it('takes 8,192 characters and no more, however long the text is', () => {
    const sized = (length: number) => `YQ.YQ.${'A'.repeat(length - 6)}`
    expect([8_192, 8_193, 102_400, 100_000_000].map((length) => isCompactForm(sized(length)))).toEqual([
      ...[true, false, false, false],
    ])
  })
})
