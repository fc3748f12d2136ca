import { setImmediate as nextTurn } from 'node:timers/promises'
import { memoryStore } from '@tessera/memory-store'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { OpenTokens } from '../../testing/open-tokens.ts'
import type { PruningOptions } from '../manage/prune-tokens.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const HALFWAY = { random: () => 0.5 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** When the store was asked to prune, since the start, and with what. */
function watchRuns({ clock, watched }: OpenTokens) {
  const runs: { at: number; retention: unknown }[] = []
  let seen = 0
  return {
    runs,
    /** Lets the clock and the timers run on together. */
    async pass(ms: number): Promise<void> {
      for (const end = clock.now + ms; clock.now < end; ) {
        const step = Math.min(60_000, end - clock.now)
        clock.now += step
        vi.advanceTimersByTime(step)
        await nextTurn()
        const calls = watched.calls.filter(({ method }) => method === 'prune')
        for (const { args } of calls.slice(seen)) runs.push({ at: clock.now - NOW, retention: args[0] })
        seen = calls.length
      }
    },
  }
}

describe('startPruning', () => {
  it('prunes every hour, from a random moment of the first one on, what ended 30 days ago', async () => {
    const opened = openTokens()
    const { runs, pass } = watchRuns(opened)
    opened.tokens.startPruning(HALFWAY)
    await pass(3 * HOUR)
    expect(runs.map(({ at }) => at / HOUR)).toEqual([0.5, 1.5, 2.5])
    const now = NOW + HOUR / 2
    expect(runs[0]?.retention).toEqual({ prefixes: ['ot_pat'], now, endedBefore: now - 30 * DAY, onceInMs: 0.9 * HOUR })
  })

  it('prunes as often, and keeps for as long, as its options say', async () => {
    const opened = openTokens()
    const { runs, pass } = watchRuns(opened)
    opened.tokens.startPruning({ everyMs: 2 * HOUR, keepMs: DAY, by: 'nightly', random: () => 0.25 })
    await pass(5 * HOUR)
    expect(runs.map(({ at }) => at / HOUR)).toEqual([0.5, 2.5, 4.5])
    const now = NOW + HOUR / 2
    expect(runs[0]?.retention).toEqual({ prefixes: ['ot_pat'], now, endedBefore: now - DAY, onceInMs: 1.8 * HOUR })
  })

  it('comes at different moments in different processes', async () => {
    const opened = Array.from({ length: 8 }, () => openTokens())
    for (const { tokens } of opened) tokens.startPruning()
    const moments = new Set<number>()
    for (let minute = 0; minute < 60; minute++) {
      vi.advanceTimersByTime(60_000)
      await nextTurn()
      for (const { watched } of opened) if (watched.calls.splice(0).length > 0) moments.add(minute)
    }
    expect(moments.size).toBeGreaterThan(1)
  })

  it('reports a failure, and comes again on time', async () => {
    const errors: Error[] = []
    const opened = openTokens({ onError: (error) => errors.push(error) })
    const { runs, pass } = watchRuns(opened)
    opened.tokens.startPruning(HALFWAY)
    opened.watched.failure = new Error('down')
    await pass(HOUR)
    expect(errors).toMatchObject([{ name: 'StoreError', cause: opened.watched.failure }])
    opened.watched.failure = null
    await pass(HOUR)
    expect(runs.map(({ at }) => at / HOUR)).toEqual([0.5, 1.5])
    expect(errors).toHaveLength(1)
  })

  it('does one run at a time: one that is due while another is under way is left out', async () => {
    const { tokens, runs, finish } = openSlow()
    tokens.startPruning(HALFWAY)
    await vi.advanceTimersByTimeAsync(3 * HOUR)
    expect(runs()).toBe(1)
    finish()
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(runs()).toBe(2)
  })

  it('ends with stop, which waits for the run that is under way', async () => {
    const { tokens, runs, finish } = openSlow()
    const pruning = tokens.startPruning(HALFWAY)
    await vi.advanceTimersByTimeAsync(HOUR)
    let ended = false
    const stopping = pruning.stop().then(() => {
      ended = true
    })
    await vi.advanceTimersByTimeAsync(3 * HOUR)
    expect([runs(), ended]).toEqual([1, false])
    finish()
    await stopping
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has ended when the tokens are closed, also where nobody waited for its end', async () => {
    const { tokens, finish } = openSlow()
    const pruning = tokens.startPruning(HALFWAY)
    await vi.advanceTimersByTimeAsync(HOUR)
    void pruning.stop()
    let closed = false
    const closing = tokens.close().then(() => {
      closed = true
    })
    await vi.advanceTimersByTimeAsync(9_999)
    expect(closed).toBe(false)
    finish()
    await closing
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is left behind by close if it does not end in ten seconds', async () => {
    const { tokens, finish } = openSlow()
    tokens.startPruning(HALFWAY)
    await vi.advanceTimersByTimeAsync(HOUR)
    const given = tokens.close().catch(String)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await given).toBe('Error: close: gave up after 10000 ms; left: a run of a schedule')
    finish()
  })

  it('ends before its first run as well, with close, and at the end of a block that holds it', async () => {
    const { tokens, watched } = openTokens()
    await tokens.startPruning(HALFWAY).stop()
    tokens.startPruning(HALFWAY)
    await tokens.close()
    {
      await using pruning = tokens.startPruning(HALFWAY)
      expect(pruning).toBeDefined()
    }
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(DAY)
    expect(watched.calls).toEqual([])
  })

  it('is refused while there is a schedule, which an older one cannot stop', async () => {
    const { tokens } = openTokens()
    const older = tokens.startPruning()
    expect(() => tokens.startPruning()).toThrow('startPruning: there is a schedule already; stop it first')
    await older.stop()
    const newer = tokens.startPruning()
    await older.stop()
    expect(() => tokens.startPruning()).toThrow('stop it first')
    expect(vi.getTimerCount()).toBe(1)
    await newer.stop()
  })

  it('does not keep the process alive', async () => {
    vi.useRealTimers()
    const timeouts = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    const before = timeouts()
    const { tokens, watched } = openTokens()
    tokens.startPruning({ random: () => 0 })
    await vi.waitFor(() => expect(watched.calls).toHaveLength(1))
    expect(timeouts()).toBeLessThanOrEqual(before)
    await tokens.close()
  })

  it.each<[string, unknown, string]>([
    ['everyMs', 999, 'a whole number of milliseconds, 1000 to 2,147,483,647'],
    ['everyMs', 2_147_483_648, 'a whole number of milliseconds, 1000 to 2,147,483,647'],
    ['keepMs', -1, 'a whole number of milliseconds, 0 to 3,153,600,000,000'],
    ['keepMs', '30d', 'a whole number of milliseconds, 0 to 3,153,600,000,000'],
    ['by', 7, 'a text, or null'],
    ['random', 0.5, 'a function'],
  ])('refuses as %s: %s', (name, value, right) => {
    const { tokens } = openTokens()
    const options: object = { [name]: value }
    expect(() => tokens.startPruning(options)).toThrow(
      new TypeError(`startPruning: option "${name}" must be ${right}, got a value of type ${typeof value}`),
    )
    expect(vi.getTimerCount()).toBe(0)
  })

  it('refuses unknown options', () => {
    const options: object = { every: HOUR }
    expect(() => openTokens().tokens.startPruning(options satisfies PruningOptions)).toThrow(
      new TypeError('startPruning: unknown option "every"; the options are keepMs, by, everyMs, random'),
    )
  })
})

/** Tokens on a store whose prunes end when the test says so. */
function openSlow() {
  const unfinished: (() => void)[] = []
  let runs = 0
  const prune = async () => {
    runs += 1
    await new Promise<void>((resolve) => unfinished.push(resolve))
    return 0
  }
  const { tokens } = openTokens({ store: { ...memoryStore(), prune } })
  return { tokens, runs: () => runs, finish: () => unfinished.shift()?.() }
}
