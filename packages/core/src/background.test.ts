import { describe, expect, it } from 'vitest'
import { createBackground } from './background.ts'

describe('createBackground', () => {
  it('settles at once when there is no work', async () => {
    await expect(createBackground(() => {}).settle()).resolves.toBeUndefined()
  })

  it('settles when all work has ended, whatever became of it', async () => {
    const background = createBackground(() => {})
    const [first, second] = [openWork(), openWork()]
    background.run(first.work)
    background.run(second.work)
    let settled = false
    const settling = background.settle().then(() => (settled = true))

    first.fail(new Error('down'))
    await turnOfTheEventLoop()
    expect(settled).toBe(false)

    second.end()
    await settling
    expect(settled).toBe(true)
  })

  it('reports each failure once', async () => {
    const errors: Error[] = []
    const background = createBackground((error) => errors.push(error))
    const failure = new Error('down')
    background.run(Promise.reject(failure))
    background.run(Promise.resolve())
    await background.settle()
    await background.settle()
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
