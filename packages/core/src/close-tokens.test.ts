import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { openTokens } from '../testing/open-tokens.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: [] }
const never = () => new Promise<never>(() => {})

describe('close', () => {
  it('waits for no hook that never settles, and says what it left', async () => {
    const { tokens } = openTokens({ onEvent: never })
    const { secret } = await tokens.issue(REQUEST)
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    const closing = tokens.close({ withinMs: 5 })
    await expect(closing).rejects.toThrow(
      'close: gave up after 5 ms; left: 2 events that "onEvent" has not finished with',
    )
  })

  it('names uses and runs that a store never answers for, and hands over the events all the same', async () => {
    const heard: string[] = []
    const store = { ...memoryStore(), recordUse: never }
    const { tokens } = openTokens({ store, onEvent: ({ type }) => heard.push(type) })
    const { secret } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    const left = 'uses that the store has not taken'
    await expect(tokens.close({ withinMs: 5 })).rejects.toThrow(`close: gave up after 5 ms; left: ${left}`)
    expect(heard).toEqual(['issued', 'first_used'])
  })

  it.each([0, -1, 1.5, '5', Number.POSITIVE_INFINITY])('refuses as withinMs: %s', async (withinMs) => {
    const closing = openTokens().tokens.close({ withinMs: withinMs as number })
    await expect(closing).rejects.toThrow('close: option "withinMs" must be a whole number of milliseconds')
  })
})
