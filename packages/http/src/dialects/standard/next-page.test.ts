import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNext, writeNext } from './next-page.ts'
import type { ListedTokens } from './next-page.ts'
import { readList } from './read-list.ts'

const PLACE = { value: 1_765_000_000_000, id: 'b4f0c0de-0000-4000-8000-000000000001' }

function listed(query = ''): ListedTokens {
  const { window: _, ...rest } = readList(new URLSearchParams(query), 'acme')
  return rest
}

describe('writeNext and readNext', () => {
  it('are each other’s inverse for any place, and the text needs no escape in a URL', () => {
    const value = fc.oneof(fc.maxSafeInteger(), fc.constant(null))
    const id = fc.string({ maxLength: 128, unit: fc.constantFrom(...'abcxyz0189_-') })
    fc.assert(
      fc.property(fc.record({ value, id }), fc.string(), (place, owner) => {
        const text = writeNext(place, listed(), owner)
        expect(text).toMatch(/^[\w-]+$/)
        expect(readNext(text, listed(), owner)).toEqual(place)
      }),
    )
  })

  it('are bound to the owner, the order and every filter', () => {
    const text = writeNext(PLACE, listed(), 'acme')
    expect(readNext(text, listed(), 'other')).toBeNull()
    const others = [
      ...['status=active', 'name=ci', 'createdBy=ada', `issuedBy=${PLACE.id}`, 'scope=jobs:read', 'order=asc'],
      ...['createdAfter', 'createdBefore', 'usedAfter', 'unusedSince', 'expiresBefore'].map(
        (name) => `${name}=2030-01-31T00:00:00Z`,
      ),
      'sort=lastUsedAt',
    ]
    for (const other of others) {
      expect(readNext(text, listed(other), 'acme'), other).toBeNull()
      expect(readNext(writeNext(PLACE, listed(other), 'acme'), listed(other), 'acme'), other).toEqual(PLACE)
    }
    expect(readNext(text, listed('limit=7'), 'acme')).toEqual(PLACE)
  })

  it('take no text with any character changed, left out or added, and none that is too long', () => {
    const text = writeNext(PLACE, listed(), 'acme')
    for (let at = 0; at < text.length; at += 1) {
      const [before, after] = [text.slice(0, at), text.slice(at + 1)]
      for (const middle of ['', text[at] === 'A' ? 'B' : 'A', `${text[at]}A`])
        expect(readNext(before + middle + after, listed(), 'acme')).toBeNull()
    }
    for (const wrong of ['', 'A', PLACE.id, `${text}=`, ` ${text}`, text.repeat(9), 'A'.repeat(100_000)])
      expect(readNext(wrong, listed(), 'acme')).toBeNull()
  })
})
