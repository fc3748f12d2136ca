import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sampleRecord } from '../../../../../test/support/sample-record.ts'
import type { TokenUse } from '../../steps/use.ts'
import type { ExpiryRules } from '../../token/expiry.ts'
import { createUseRecorder } from './record-use.ts'
import type { UseRecorder } from './record-use.ts'

const EVERY_MS = 60_000

// Some note 100,000 uses.
vi.setConfig({ testTimeout: 60_000 })

interface Recording {
  readonly uses: UseRecorder
  /** The batches that were written, each with the time of its writing. */
  readonly written: { readonly at: number; readonly batch: readonly TokenUse[] }[]
  readonly errors: Error[]
  /** What the process is not to be frozen before. */
  readonly awaited: Promise<unknown>[]
  /** What writing fails with, while it does. */
  failure: Error | null
}

let now = 0

beforeEach(() => {
  now = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

function record(everyMs = EVERY_MS, expiry: ExpiryRules = {}): Recording {
  const recording: Recording = {
    uses: createUseRecorder(
      {
        async recordUse(batch) {
          if (recording.failure !== null) throw recording.failure
          recording.written.push({ at: now, batch })
        },
      },
      {
        everyMs,
        expiry,
        now: () => now,
        onError: (error) => recording.errors.push(error),
        waitUntil: (work) => recording.awaited.push(work),
      },
    ),
    written: [],
    errors: [],
    awaited: [],
    failure: null,
  }
  return recording
}

interface SlowRecording {
  readonly uses: UseRecorder
  /** The batches whose writing has begun. */
  readonly begun: readonly (readonly TokenUse[])[]
  /** Ends the writing that began first of those that have not ended. */
  readonly confirm: () => void
}

function recordSlowly(): SlowRecording {
  const begun: (readonly TokenUse[])[] = []
  const unconfirmed: (() => void)[] = []
  async function recordUse(batch: readonly TokenUse[]): Promise<void> {
    begun.push(batch)
    await new Promise<void>((resolve) => unconfirmed.push(resolve))
  }
  const uses = createUseRecorder({ recordUse }, OPTIONS)
  return { uses, begun, confirm: () => unconfirmed.shift()?.() }
}

/** Lets the clock and the timers run on together. */
async function pass(ms: number): Promise<void> {
  for (const end = now + ms; now < end; ) {
    const step = Math.min(500, end - now)
    now += step
    vi.advanceTimersByTime(step)
    await nextTurn()
  }
}

const sample = sampleRecord()

const OPTIONS = { everyMs: EVERY_MS, expiry: {}, now: () => now, onError: () => {}, waitUntil: () => {} }

/** Notes a use of each of the tokens `0`, `1` and so on. */
function noteMany(uses: UseRecorder, count: number, at: (n: number) => number): void {
  for (let n = 0; n < count; n++) uses.note({ ...sample, id: `${n}`, digest: `${n}` }, at(n))
}

function use(id: string, at: number, owner = 'acme'): TokenUse {
  return { owner, id, at }
}

describe('createUseRecorder', () => {
  it('begins to write a due use at once: nothing else may ever happen in a process that is frozen', () => {
    const { uses, written } = record()
    uses.note(sampleRecord({ id: 'a' }), 10)
    uses.note(sampleRecord({ id: 'b' }), 20)
    uses.note(sampleRecord({ id: 'a' }), 30)
    expect(written.map(({ batch }) => batch)).toEqual([[use('a', 10)], [use('b', 20)]])
  })

  it('begins to write again at once when the token is due again, without a timer', async () => {
    const { uses, written } = record()
    const noted = uses.note(sampleRecord({ id: 'a' }), 0)
    await nextTurn()
    for (now of [EVERY_MS - 1, EVERY_MS, 2 * EVERY_MS]) {
      uses.noteAgain(noted, now)
      await nextTurn()
    }
    expect(written.map(({ batch }) => batch)).toEqual([0, EVERY_MS, 2 * EVERY_MS].map((at) => [use('a', at)]))
  })

  it('writes ten in a second at once, and those that follow in one batch', async () => {
    const { uses, written } = record()
    noteMany(uses, 25, () => 0)
    expect(written).toHaveLength(10)
    uses.note({ ...sample, id: '24', digest: '24' }, 30)
    await pass(1000)
    expect(written).toHaveLength(11)
    const rest = Array.from({ length: 14 }, (_, n) => use(`${n + 10}`, 0))
    expect(written.at(-1)).toEqual({ at: 1000, batch: [...rest, use('24', 30)] })
  })

  it('has the process wait for each write that has begun, and once for the batch of those that follow', async () => {
    const { uses, written, awaited } = record()
    noteMany(uses, 25, () => 0)
    expect(awaited).toHaveLength(11)
    let isWritten = false
    void Promise.all(awaited).then(() => (isWritten = true))
    await pass(500)
    expect(isWritten).toBe(false)
    await pass(500)
    expect([isWritten, written.flatMap(({ batch }) => batch).length]).toEqual([true, 25])
  })

  it('never has the process wait for a use that is not due', async () => {
    const { uses, awaited } = record()
    const noted = uses.note(sampleRecord({ id: 'a' }), 0)
    await pass(500)
    uses.noteAgain(noted, now)
    await pass(2 * EVERY_MS)
    expect(awaited).toHaveLength(1)
  })

  it('writes no use twice at the same moment', async () => {
    const { uses, begun, confirm } = recordSlowly()
    const noted = uses.note(sampleRecord({ id: 'a' }), 10)
    uses.noteAgain(noted, 20)
    uses.note(sampleRecord({ id: 'a' }), 30)
    await pass(5000)
    expect(begun).toEqual([[use('a', 10)]])
    confirm()
    await pass(EVERY_MS + 2000)
    expect(begun).toEqual([[use('a', 10)], [use('a', 30)]])
  })

  it('writes each token at most once per interval, and its last use in the end', async () => {
    const { uses, written } = record()
    const lastUse = 600_000
    while (now < lastUse) {
      uses.note(sampleRecord({ id: 'busy' }), now)
      await pass(500)
    }
    uses.note(sampleRecord({ id: 'busy' }), lastUse)
    await pass(2 * EVERY_MS)

    const times = written.map(({ at }) => at)
    const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(EVERY_MS)
    expect(times.length).toBeGreaterThanOrEqual(10)
    expect(written.at(-1)?.batch).toEqual([use('busy', lastUse)])
  })

  it('counts the interval from what the record says was written, by this process or another', async () => {
    const { uses, written } = record()
    now = 30_000
    uses.note(sampleRecord({ id: 'a', lastUsedAt: 0 }), now)
    await pass(EVERY_MS - now - 500)
    expect(written).toEqual([])
    await pass(1000)
    expect(written.map(({ batch }) => batch)).toEqual([[use('a', 30_000)]])
  })

  it('puts a write off that another process has made meanwhile', async () => {
    const { uses, written } = record()
    uses.note(sampleRecord({ id: 'a' }), 0)
    uses.note(sampleRecord({ id: 'a', lastUsedAt: 100 }), 200)
    await pass(EVERY_MS - 500)
    expect(written.map(({ batch }) => batch)).toEqual([[use('a', 0)]])
    await pass(2000)
    expect(written.map(({ batch }) => batch)).toEqual([[use('a', 0)], [use('a', 200)]])
  })

  it('writes every use where the interval is 0', async () => {
    const { uses, written } = record(0)
    for (const at of [0, 2000]) {
      uses.note(sampleRecord({ id: 'a' }), at)
      await pass(2000)
    }
    expect(written.map(({ batch }) => batch)).toEqual([[use('a', 0)], [use('a', 2000)]])
  })

  it('never moves a use back', async () => {
    const { uses, written } = record()
    uses.note(sampleRecord({ id: 'a', lastUsedAt: 50 }), 40)
    uses.note(sampleRecord({ id: 'b' }), 60)
    uses.note(sampleRecord({ id: 'b' }), 30)
    await uses.flush()
    expect(written.map(({ batch }) => batch)).toEqual([[use('b', 60)]])
  })

  it('keeps tokens of different owners apart, also under one id', async () => {
    const { uses, written } = record()
    uses.note(sampleRecord({ id: '1', owner: 'acme' }), 10)
    uses.note(sampleRecord({ id: '1', owner: 'other' }), 20)
    await uses.flush()
    expect(written.map(({ batch }) => batch)).toEqual([[use('1', 10)], [use('1', 20, 'other')]])
    await uses.flush()
    expect(written).toHaveLength(2)
  })

  it('keeps what could not be written, reports it, and writes it with the next batch', async () => {
    const recording = record()
    const { uses, written, errors } = recording
    recording.failure = new Error('down')
    uses.note(sampleRecord({ id: 'a' }), 10)
    await pass(500)
    for (let n = 0; n < 100; n += 1) uses.note(sampleRecord({ id: 'a' }), now)
    expect(errors, 'it tries once in a second').toEqual([recording.failure])
    recording.failure = null
    uses.note(sampleRecord({ id: 'b' }), now)
    await pass(500)
    expect(written.map(({ batch }) => batch)).toEqual([[use('a', 500), use('b', 500)]])
    expect(errors).toHaveLength(1)
  })

  it('holds 100,000 tokens, and drops the one tracked longest for another', async () => {
    const { uses, written } = record()
    noteMany(uses, 100_011, () => 0)
    await uses.flush()
    const ids = written.flatMap(({ batch }) => batch.map(({ id }) => id))
    expect(ids).toHaveLength(100_010)
    expect(ids, 'the eleven tracked longest were dropped, ten of them while they were written').not.toContain('10')
    expect([ids[0], ids[10], ids.at(-1)]).toEqual(['0', '11', '100010'])
    expect(uses.dropped()).toBe(1)
    uses.note(sampleRecord({ id: 'another' }), 0)
    expect(uses.dropped(), 'what is written is not lost').toBe(1)
  })

  it('tracks a token that was dropped again with its next use that is due', async () => {
    const { uses, written } = record()
    const early = uses.note(sampleRecord({ id: 'early' }), 0)
    await uses.flush()
    noteMany(uses, 100_000, () => 10)
    await uses.flush()
    written.length = 0
    now = EVERY_MS - 1
    uses.noteAgain(early, now)
    await uses.flush()
    expect([written, uses.dropped()]).toEqual([[], 1])
    now = EVERY_MS
    uses.noteAgain(early, now)
    await uses.flush()
    expect(written.map(({ batch }) => batch)).toEqual([[use('early', EVERY_MS)]])
    expect(uses.dropped()).toBe(1)
  })

  it('tracks a token that it let go of again with its next use', async () => {
    const { uses, written } = record()
    const noted = uses.note(sampleRecord({ id: 'a' }), 0)
    await pass(EVERY_MS + 5_000)
    expect(vi.getTimerCount()).toBe(0)
    uses.noteAgain(noted, now)
    await pass(1_000)
    expect(written.map(({ batch }) => batch)).toEqual([[use('a', 0)], [use('a', now - 1_000)]])
  })

  it('writes many uses in batches, and lets others have their turn between them', async () => {
    let turns = 0
    let turnsAtLastBatch = -1
    const sizes: number[] = []
    const uses = createUseRecorder(
      {
        async recordUse(batch) {
          if (batch.length > 1) expect(turns).toBeGreaterThan(turnsAtLastBatch)
          turnsAtLastBatch = turns
          sizes.push(batch.length)
        },
      },
      OPTIONS,
    )
    noteMany(uses, 100_000, (n) => n)
    const others = new AbortController()
    const counted = (async () => {
      while (!others.signal.aborted) {
        await nextTurn()
        turns += 1
      }
    })()
    await uses.flush()
    others.abort()
    await counted
    expect(sizes.reduce((sum, size) => sum + size)).toBe(100_000)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000)
  })

  it('looks through many tokens of which nothing is to be written in several turns of the event loop', async () => {
    const { uses, written } = record()
    noteMany(uses, 100_000, (n) => n)
    await uses.flush()
    written.length = 0
    let turns = 0
    const flushed = uses.flush().then(() => true)
    while (!(await Promise.race([flushed, nextTurn(false)]))) turns += 1
    expect(turns).toBeGreaterThanOrEqual(10)
    expect(written).toEqual([])
  })

  it('lets go of a token, and of its timer, once nothing is left to write', async () => {
    const { uses } = record()
    uses.note(sampleRecord(), 0)
    await pass(EVERY_MS + 5000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not keep the process alive', () => {
    vi.useRealTimers()
    const timeouts = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    const before = timeouts()
    record().uses.note(sampleRecord(), 0)
    expect(timeouts()).toBe(before)
  })
})

describe('flush', () => {
  it('writes at once, whatever the interval, and nothing twice', async () => {
    const { uses, written } = record()
    uses.note(sampleRecord({ id: 'a' }), 10)
    await uses.flush()
    uses.note(sampleRecord({ id: 'a' }), 20)
    await uses.flush()
    await uses.flush()
    expect(written.map(({ batch }) => batch)).toEqual([[use('a', 10)], [use('a', 20)]])
  })

  it('writes nothing when there is nothing to write', async () => {
    const { uses, written } = record()
    await uses.flush()
    expect(written).toEqual([])
  })

  it('rejects when the store does, and loses nothing', async () => {
    const recording = record()
    recording.failure = new Error('down')
    recording.uses.note(sampleRecord({ id: 'a' }), 10)
    await expect(recording.uses.flush()).rejects.toBe(recording.failure)
    expect(recording.errors, 'of the write that was begun at once').toEqual([recording.failure])
    recording.failure = null
    await recording.uses.flush()
    expect(recording.written.map(({ batch }) => batch)).toEqual([[use('a', 10)]])
  })

  it('waits for a write that is under way, then writes what came after it', async () => {
    const { uses, begun, confirm } = recordSlowly()
    uses.note(sampleRecord({ id: 'a' }), 10)
    await pass(1000)
    uses.note(sampleRecord({ id: 'a' }), 20)
    const flushing = uses.flush()
    await pass(1000)
    expect(begun).toEqual([[use('a', 10)]])

    confirm()
    await pass(500)
    expect(begun).toEqual([[use('a', 10)], [use('a', 20)]])
    confirm()
    await flushing
  })

  it('forgets a token that is dropped while its use is being written', async () => {
    const begun: (readonly TokenUse[])[] = []
    let confirm = () => {}
    const confirmed = new Promise<void>((resolve) => (confirm = resolve))
    async function recordUse(batch: readonly TokenUse[]): Promise<void> {
      begun.push(batch)
      await confirmed
    }
    const uses = createUseRecorder({ recordUse }, OPTIONS)
    noteMany(uses, 100_000, () => 0)
    expect(begun[0]).toEqual([use('0', 0)])
    uses.note(sampleRecord({ id: 'one more' }), 0)
    const flushing = uses.flush()
    confirm()
    await flushing
    await uses.flush()
    expect(begun.flat()).toHaveLength(100_001)
    expect(uses.dropped()).toBe(0)
  })
})
