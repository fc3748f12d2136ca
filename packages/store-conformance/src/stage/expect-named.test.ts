import { describe, expect, it } from 'vitest'
import { expectAlike, expectCount, expectNames } from './expect-named.ts'

describe('expectAlike', () => {
  it('passes for equal answers, and for none', () => {
    expectAlike(expect, [{ id: 'a' }, { id: 'a' }], { id: 'a' }, 'token a')
    expectAlike(expect, [], { id: 'a' }, 'token a')
  })

  it('names the answer that differs', () => {
    const answers = [...Array.from({ length: 19 }, () => true), false]
    expect(() => expectAlike(expect, answers, true, 'digest d between 1-a and 2-b')).toThrow(
      'digest d between 1-a and 2-b: answer 20 of 20: expected false to deeply equal true',
    )
  })
})

describe('expectNames', () => {
  it('names what is missing and what is too many', () => {
    const [found, wanted] = [
      ['a', 'c'],
      ['a', 'b'],
    ]
    expect(() => expectNames(expect, found ?? [], wanted ?? [], 'revoked tokens')).toThrow(
      'revoked tokens: missing b, surplus c',
    )
  })

  it('names the order if that is wrong', () => {
    expect(() => expectNames(expect, ['b', 'a'], ['a', 'b'], 'tokens')).toThrow(
      'tokens: missing none, surplus none, in the order b a',
    )
  })

  it('passes for the same names in the same order', () => {
    expectNames(expect, ['a', 'b'], ['a', 'b'], 'tokens')
  })
})

describe('expectCount', () => {
  it('gives the names if they are too many or too few', () => {
    expect(() => expectCount(expect, ['a', 'b', 'c'], 2, 'tokens of acme')).toThrow('tokens of acme: a b c')
    expect(() => expectCount(expect, [], 2, 'tokens of acme')).toThrow('tokens of acme: none')
  })
})
