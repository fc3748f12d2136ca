import { describe, expect, it } from 'vitest'
import { createTurns } from './turns.ts'
import type { Turn } from './turns.ts'

/** What has begun by the time that everything which can begin has. */
async function begun(turns: Readonly<Record<string, Turn>>): Promise<string[]> {
  const names: string[] = []
  for (const [name, turn] of Object.entries(turns)) void Promise.resolve(turn.begun).then(() => names.push(name))
  await new Promise(setImmediate)
  return names
}

describe('createTurns', () => {
  it('lets work begin at once if nothing earlier names one of its things', () => {
    const take = createTurns()
    take(['a'])
    expect(take(['b', 'c']).begun).toBeNull()
  })

  it('lets work begin once all earlier work on any of its things is over', async () => {
    const take = createTurns()
    const [a, b] = [take(['a']), take(['b'])]
    const later = { both: take(['a', 'b']), c: take(['c']) }
    expect(await begun(later)).toEqual(['c'])
    a.end()
    expect(await begun(later)).toEqual(['c'])
    b.end()
    expect(new Set(await begun(later))).toEqual(new Set(['c', 'both']))
  })

  it('keeps the order in which turns were taken', async () => {
    const take = createTurns()
    const first = take(['a'])
    const [second, third] = [take(['a']), take(['a'])]
    first.end()
    expect(await begun({ second, third })).toEqual(['second'])
    second.end()
    expect(new Set(await begun({ second, third }))).toEqual(new Set(['second', 'third']))
  })

  it('lets work on one thing that is named twice begin', () => {
    expect(createTurns()(['a', 'a']).begun).toBeNull()
  })

  it('forgets work that is over', () => {
    const take = createTurns()
    const [first, second] = [take(['a', 'b']), take(['a'])]
    first.end()
    expect(take(['b']).begun).toBeNull()
    second.end()
    second.end()
    expect(take(['a']).begun).toBeNull()
  })
})
