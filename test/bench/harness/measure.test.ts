import { describe, expect, it } from 'vitest'
import { CONTROL, measure } from './measure.ts'
import { atLeast, atMost } from './target.ts'

/** Rows that take the time they are told to on a clock of their own. */
function opened() {
  const clock = { now: 0 }
  const order: string[] = []
  const row = (name: string, msEach: number) => ({
    name,
    async run(times: number) {
      order.push(name)
      clock.now += times * msEach
    },
  })
  return { clock, order, row, settings: { rounds: 7, roundMs: 100, warmUpMs: 50, now: () => clock.now } }
}

describe('measure', () => {
  it('compares rows with the base by time', async () => {
    const { row, settings } = opened()
    const slow = { ...row('slow', 3), target: atMost(2.5), note: 'does more' }
    const { rows } = await measure({ name: 'g', compares: 'time', base: row('base', 2), rows: [slow] }, settings)
    expect(rows.map(({ name, ratio }) => [name, ratio?.median])).toEqual([
      ['base', undefined],
      [CONTROL, 1],
      ['slow', 1.5],
    ])
    expect(rows[2]).toMatchObject({
      target: { text: '≤ 2.5 ×', reached: true },
      microsecondsPerOperation: 3_000,
      bytesPerOperation: null,
      note: 'does more',
    })
  })

  it('compares rows with the base by rate', async () => {
    const { row, settings } = opened()
    const slow = { ...row('slow', 4), target: atLeast(0.75) }
    const { rows } = await measure({ name: 'g', compares: 'rate', base: row('base', 2), rows: [slow] }, settings)
    expect(rows[2]).toMatchObject({ ratio: { median: 0.5 }, target: { text: '≥ 0.75 ×', reached: false } })
  })

  it('takes each ratio within one round, so that a machine that slows down changes none', async () => {
    const { clock, settings } = opened()
    let runs = 0
    const row = (name: string, msEach: number) => ({
      name,
      async run(times: number) {
        const slowness = 1 + Math.floor(runs++ / 6)
        clock.now += times * msEach * slowness
      },
    })
    const group = { name: 'g', compares: 'time', base: row('base', 100), rows: [row('slow', 150)] } as const
    const { rows } = await measure(group, settings)
    expect(rows[2]?.ratio).toEqual({ median: 1.5, lower: 1.5, upper: 1.5 })
    expect(rows[0]?.microsecondsPerOperation).toBe(500_000)
  })

  it('begins each round with the next row', async () => {
    const { order, row, settings } = opened()
    const rows = [row('one', 100), row('two', 100)]
    await measure({ name: 'g', compares: 'time', base: row('base', 100), rows }, { ...settings, rounds: 4 })
    const timed = order.filter((_, number) => number % 2 === 1)
    expect(timed.slice(4)).toEqual(
      ['base', 'base', 'one', 'two', 'base', 'one', 'two', 'base', 'one', 'two', 'base', 'base'].concat(
        'two',
        'base',
        'base',
        'one',
      ),
    )
  })

  it('makes ready for all that is run, off the clock', async () => {
    const { clock, settings } = opened()
    let ready = 0
    const base = {
      name: 'base',
      async run(times: number) {
        ready -= times
        clock.now += times * 10
      },
      async prepare(times: number) {
        ready += times
        clock.now += 1_000
      },
    }
    const { rows } = await measure({ name: 'g', compares: 'time', base, rows: [] }, settings)
    expect(rows[0]?.microsecondsPerOperation).toBe(10_000)
    expect(ready).toBe(0)
  })

  it('compares the processor time of all who do the work, and of each of them apart', async () => {
    const { row, settings } = opened()
    const busy = { client: 0, server: 0 }
    const working = (name: string, busyMsEach: number) => {
      const { run } = row(name, 2)
      return {
        name,
        async run(times: number) {
          busy.client += times
          busy.server += times * busyMsEach
          await run(times)
        },
      }
    }
    const group = { name: 'g', compares: 'rate', base: working('base', 1), rows: [working('busy', 1.5)] } as const
    const cpu = async () => ({ ...busy })
    const { rows } = await measure({ ...group, cpu }, settings)
    expect(rows.map((measured) => measured.cpu?.ratio?.median)).toEqual([undefined, 1, 1.25])
    expect(rows[2]).toMatchObject({ ratio: { median: 1 }, cpu: { microsecondsPerOperation: 2_500 } })
    expect(rows[2]?.cpu?.parts).toMatchObject({
      client: { ratio: { median: 1 }, microsecondsPerOperation: 1_000 },
      server: { ratio: { median: 1.5 }, microsecondsPerOperation: 1_500 },
    })
  })
})
