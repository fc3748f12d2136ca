import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSecret, sealSecret } from './sealed-secret.ts'
import { generateSecret } from './secret.ts'

const OLD = generateSecret('ot_pat', '9G')
const NEW = generateSecret('ot_pat', '9G')
const CONTEXT = { owner: 'acme', from: 'old', to: 'new' }

describe('sealSecret', () => {
  it('is opened with the secret that it was sealed under', () => {
    expect(openSecret(sealSecret(NEW, OLD, CONTEXT), OLD, CONTEXT)).toBe(NEW)
  })

  it('shows nothing of either secret, and is another text each time', () => {
    const [first, second] = [sealSecret(NEW, OLD, CONTEXT), sealSecret(NEW, OLD, CONTEXT)]
    expect(first).toMatch(/^v1\.[\w-]+$/)
    expect(first).not.toBe(second)
    const bytes = Buffer.from(first.slice(3), 'base64url').toString('latin1')
    for (const secret of [OLD, NEW]) expect(bytes).not.toContain(secret.slice(7, 15))
  })
})

describe('openSecret', () => {
  it.each([
    ['another secret', NEW, CONTEXT],
    ['another owner', OLD, { ...CONTEXT, owner: 'other' }],
    ['another predecessor', OLD, { ...CONTEXT, from: 'other' }],
    ['another successor', OLD, { ...CONTEXT, to: 'other' }],
    ['a request', OLD, { owner: 'acme', request: 'old', to: 'new' }],
  ])('opens nothing under or for %s', (_, under, context) => {
    expect(openSecret(sealSecret(NEW, OLD, CONTEXT), under, context)).toBeNull()
  })

  it('opens what was sealed for a request under its key only', () => {
    const context = { owner: 'acme', request: 'deploy-42', to: 'new' }
    const sealed = sealSecret(NEW, OLD, context)
    expect(openSecret(sealed, OLD, context)).toBe(NEW)
    expect(openSecret(sealed, OLD, { ...context, request: 'deploy-43' })).toBeNull()
    expect(openSecret(sealed, OLD, { owner: 'acme', from: 'deploy-42', to: 'new' })).toBeNull()
  })

  it('opens nothing that was changed, cut or never sealed', () => {
    const sealed = sealSecret(NEW, OLD, CONTEXT)
    fc.assert(
      fc.property(fc.nat(sealed.length - 2), fc.constantFrom('A', 'z', '0'), (place, letter) => {
        const changed = sealed.slice(0, place) + letter + sealed.slice(place + 1)
        expect(openSecret(changed, OLD, CONTEXT)).toBe(changed === sealed ? NEW : null)
        expect(openSecret(sealed.slice(0, place), OLD, CONTEXT)).toBeNull()
      }),
    )
    for (const text of ['', 'v1.', 'v2.x', NEW]) expect(openSecret(text, OLD, CONTEXT)).toBeNull()
  })
})
