import { describe, expect, it } from 'vitest'
import { naiveStore } from '../model/naive-store/naive-store.ts'
import { chapter } from './chapter.ts'
import { setStage } from './store-under-test.ts'

const nothing = async () => {}

describe('chapter', () => {
  it('keeps the cases by name, in the order they are given', () => {
    const { title, cases } = chapter('revoke', [], (add) => {
      add('one', nothing)
      add('two', nothing)
    })
    expect([title, ...cases.keys()]).toEqual(['revoke', 'one', 'two'])
  })

  it('refuses two cases of one name', () => {
    const twice = () =>
      chapter('revoke', [], (add) => {
        add('one', nothing)
        add('one', nothing)
      })
    expect(twice).toThrow('two cases of "revoke" are named "one"')
  })

  it('quotes the contract in the failure of a case', async () => {
    const proves = ['Else it shows again.', 'Links to it stay.']
    const { cases } = chapter('revoke', proves, (add) => {
      add('one', async () => {
        throw new Error('1 is not 2')
      })
    })
    const stage = await setStage({ create: () => naiveStore() }, expect)
    await expect(cases.get('one')?.(stage)).rejects.toThrow(
      '1 is not 2\n\nThe contract says:\n  "Else it shows again."\n  "Links to it stay."',
    )
  })
})
