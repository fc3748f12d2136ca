import { describe, expect, it } from 'vitest'
import { chapter } from './chapter.ts'

const nothing = async () => {}

describe('chapter', () => {
  it('keeps the cases by name, in the order they are given', () => {
    const { title, cases } = chapter('revoke', (add) => {
      add('one', nothing)
      add('two', nothing)
    })
    expect([title, ...cases.keys()]).toEqual(['revoke', 'one', 'two'])
  })

  it('refuses two cases of one name', () => {
    const twice = () =>
      chapter('revoke', (add) => {
        add('one', nothing)
        add('one', nothing)
      })
    expect(twice).toThrow('two cases of "revoke" are named "one"')
  })
})
