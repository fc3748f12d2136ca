import type { Call, Wants } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { joining } from './joining.ts'

const callOf = (wants: Wants): Call => ({ wants, decide: () => ({ answer: null }), giveUpAt: 0, isOver: false })
const laneOf = (wants: Wants) => joining.laneOf(callOf(wants))
const counting = (at: number, prefix: string) => ({ ids: ['a'], key: null, active: { at, prefixes: [prefix] } })

describe('the joining of calls', () => {
  it.each([
    ['has a key', { ids: ['a'], key: 'k' }],
    ['counts keys', { ids: ['a'], key: null, keysAt: 1 }],
    ['only counts', { ids: [], key: null, active: { at: 1, prefixes: ['ot_pat'] } }],
  ])('leaves alone what %s', (_what, wants: Wants) => {
    expect(laneOf(wants)).toBeNull()
  })

  it('keeps apart one token, and what may need memory, and counts of different tokens', () => {
    const wants = [{ ids: ['a'], key: null }, { ids: ['a', 'b'], key: null }, counting(1, 'ot_pat'), counting(1, 'cd')]
    expect(new Set(wants.map(laneOf)).size).toBe(4)
    expect(laneOf(counting(1, 'ot_pat'))).toBe(laneOf(counting(2, 'ot_pat')))
  })

  it('names the tokens, the key and the count of an owner', () => {
    const names = (owner: string) => joining.namesOf(owner, callOf({ ...counting(1, 'ot_pat'), key: 'k' }))
    expect(names('acme')).toHaveLength(3)
    expect(new Set([...names('acme'), ...names('globex')]).size).toBe(6)
  })

  it.each([
    ['ERR the digest is in use', true],
    ['ERR the id is in use script: 0f, on @user_script:81.', true],
    ['a step puts a token that it was not shown', true],
    ['a step adds an id that is in use', true],
    ["OOM command not allowed when used memory > 'maxmemory'.", true],
    ['no answer within 1000 ms', false],
    ['Redis got to the command after it was given up, or its clock was set', false],
    ['READONLY You cannot write against a read only replica.', false],
  ])('tells of "%s" whether a decision is to blame', (message, expected) => {
    expect(joining.isOwnFault(new Error(message))).toBe(expected)
  })
})
