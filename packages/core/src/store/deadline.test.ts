import { readFile, stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createDeadline } from './deadline.ts'

const describeFailure = (cause: unknown) => new Error('failed to work', { cause })
const never = () => new Promise<never>(() => {})
const SLACK_MS = 500

/** Keeps the process from anything else. */
function block(ms: number): void {
  const endAt = performance.now() + ms
  while (performance.now() < endAt);
}

/** Work that ends on demand. */
function open() {
  let end = (_answer: string) => {}
  const ended = new Promise<string>((resolve) => {
    end = resolve
  })
  return { work: () => ended, end }
}

describe('createDeadline', () => {
  it('answers what the work answers, and rejects as it rejects', async () => {
    const withinDeadline = createDeadline(10_000)
    const cause = new Error('ECONNRESET')
    expect(await withinDeadline(async () => 'done', describeFailure)).toBe('done')
    const thrower = () => {
      throw cause
    }
    for (const work of [() => Promise.reject(cause), thrower]) {
      const failing = withinDeadline(work, describeFailure)
      await expect(failing).rejects.toMatchObject({ message: 'failed to work', cause })
    }
  })

  it('gives all work the same time, and says how much it was', async () => {
    const withinDeadline = createDeadline(20)
    const startedAt = performance.now()
    const late = await Promise.allSettled(Array.from({ length: 5 }, () => withinDeadline(never, describeFailure)))
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(20)
    for (const each of late) {
      expect(each).toMatchObject({ reason: { cause: { message: 'no answer within 20 ms' } } })
    }
  })

  it('gives work that begins later its own time', async () => {
    const withinDeadline = createDeadline(40)
    const first = withinDeadline(never, describeFailure).catch(() => performance.now())
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
    const startedAt = performance.now()
    const second = withinDeadline(never, describeFailure).catch(() => performance.now())
    expect(await first).toBeLessThan(await second)
    expect((await second) - startedAt).toBeGreaterThanOrEqual(40)
  })

  it('ends in time what remains when work before, after and between has ended, also too late', async () => {
    const withinDeadline = createDeadline(30)
    const [early, between, tooLate] = [open(), open(), open()]
    const ending = [early, between].map(({ work }) => withinDeadline(work, describeFailure))
    const late = withinDeadline(tooLate.work, describeFailure)
    const remaining = withinDeadline(never, describeFailure)
    between.end('between')
    early.end('early')
    expect(await Promise.all(ending)).toEqual(['early', 'between'])
    await expect(late).rejects.toThrow('failed to work')
    tooLate.end('nobody waits for it')
    await expect(remaining).rejects.toThrow('failed to work')
    const begunLater = withinDeadline(never, describeFailure)
    expect(await withinDeadline(async () => 'done', describeFailure)).toBe('done')
    await expect(begunLater).rejects.toThrow('failed to work')
  })

  it('lets answers count that came while the process was blocked, also of work in several steps', async () => {
    const withinDeadline = createDeadline(100)
    const reading = withinDeadline(() => readFile(import.meta.filename, 'utf8'), describeFailure)
    const many = Array.from({ length: 50 }, () => withinDeadline(() => stat(import.meta.filename), describeFailure))
    block(150)
    expect(await reading).toContain('createDeadline')
    expect((await Promise.all(many)).every((file) => file.isFile())).toBe(true)
  })

  it('rejects after a block what has no answer then, within the time again', async () => {
    const withinDeadline = createDeadline(40)
    const late = withinDeadline(never, describeFailure)
    block(120)
    const startedAt = performance.now()
    await expect(late).rejects.toThrow('failed to work')
    expect(performance.now() - startedAt).toBeLessThan(40 + SLACK_MS)
  })
})
