import { describe, expect, it } from 'vitest'
import { answeredByHand } from '../../testing/answered-by-hand.ts'
import { flushPromises } from '../../testing/flush-promises.ts'
import { shareReadings } from './shared-readings.ts'

function readings() {
  const log: string[] = []
  const { ask, asked, answer, fail } = answeredByHand<[], void>()
  const confirm = shareReadings(ask)
  const confirmAs = (name: string) =>
    confirm().then(
      () => log.push(name),
      (error: Error) => log.push(`${name}: ${error.message}`),
    )
  return { log, asked, answer, fail, confirmAs }
}

describe('shareReadings', () => {
  it('shares one reading among all who ask in one turn', async () => {
    const { log, asked, answer, confirmAs } = readings()
    for (let number = 0; number < 100; number += 1) void confirmAs('anyone')
    await flushPromises()
    expect(asked).toHaveLength(1)
    answer()
    await flushPromises()
    expect(log).toHaveLength(100)
    expect(asked).toHaveLength(1)
  })

  it('never lets anyone join a reading under way, and shares the next one among those who come meanwhile', async () => {
    const { log, asked, answer, confirmAs } = readings()
    void confirmAs('first')
    await flushPromises()
    for (const name of ['second', 'third', 'fourth']) {
      void confirmAs(name)
      await flushPromises()
    }
    expect(asked).toHaveLength(1)
    answer()
    await flushPromises()
    expect(log).toEqual(['first'])
    expect(asked).toHaveLength(2)
    answer()
    await flushPromises()
    expect(log).toEqual(['first', 'second', 'third', 'fourth'])
    expect(asked).toHaveLength(2)
  })

  it('begins a reading of its own for whoever asks as soon as one has ended', async () => {
    const { log, asked, answer, confirmAs } = readings()
    const both = confirmAs('first').then(() => confirmAs('the same, again'))
    await flushPromises()
    void confirmAs('second')
    answer()
    await flushPromises()
    expect(asked).toHaveLength(2)
    answer()
    await flushPromises()
    expect(log).toEqual(['first', 'second'])
    answer()
    await both
    expect(asked).toHaveLength(3)
  })

  it('rejects for those who share a reading that fails, and for nobody else', async () => {
    const { log, answer, fail, confirmAs } = readings()
    void confirmAs('first')
    await flushPromises()
    void confirmAs('second')
    void confirmAs('third')
    fail(new Error('down'))
    await flushPromises()
    answer()
    await flushPromises()
    void confirmAs('fourth')
    await flushPromises()
    fail(new Error('down again'))
    await flushPromises()
    expect(log).toEqual(['first: down', 'second', 'third', 'fourth: down again'])
  })
})
