import { describe, expect, it } from 'vitest'
import { createBackground } from './background.ts'

describe('createBackground', () => {
  it('is idle at once when there is no work', async () => {
    await expect(createBackground({ onError: () => {}, waitUntil: () => {} }).idle()).resolves.toBeUndefined()
  })

  it('is idle when all work has ended, whatever became of it', async () => {
    const background = createBackground({ onError: () => {}, waitUntil: () => {} })
    const [first, second] = [openWork(), openWork()]
    background.run(first.work)
    background.run(second.work)
    let isIdle = false
    const idle = background.idle().then(() => (isIdle = true))

    first.fail(new Error('down'))
    await turnOfTheEventLoop()
    expect(isIdle).toBe(false)

    second.end()
    await idle
    expect(isIdle).toBe(true)
  })

  it('reports each failure once', async () => {
    const errors: Error[] = []
    const background = createBackground({ onError: (error) => errors.push(error), waitUntil: () => {} })
    const failure = new Error('down')
    background.run(Promise.reject(failure))
    background.run(Promise.resolve())
    await background.idle()
    await background.idle()
    expect(errors).toEqual([failure])
  })
})

function openWork(): { work: Promise<void>; end: () => void; fail: (error: Error) => void } {
  let [end, fail]: [() => void, (error: Error) => void] = [() => {}, () => {}]
  const work = new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]))
  return { work, end, fail }
}

function turnOfTheEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
