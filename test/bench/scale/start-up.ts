import { answerQuestions } from '../harness/worker.ts'

/** What may be asked of a process that has just started: to take so many tokens into its memory-store. */
export interface Question {
  readonly count: number
}

export interface Answer {
  /** From the first import to tokens that can be used, in milliseconds. */
  readonly startUpMs: number
  /** What each token added to the heap and to what the process holds, in bytes. */
  readonly heapPerToken: number
  readonly residentPerToken: number
  /** All that the process holds, in bytes. */
  readonly resident: number
}

// Nothing is imported before the clock is read.
const startedAt = performance.now()
const { createTokens } = await import('@tessera/core')
const { memoryStore } = await import('@tessera/memory-store')
const store = memoryStore()
createTokens({ store, prefix: 'ot_pat' })
const startUpMs = performance.now() - startedAt

answerQuestions<Question>(async ({ count }): Promise<Answer> => {
  const { fill } = await import('./fill.ts')
  const { collectGarbage } = await import('../harness/allocation.ts')
  collectGarbage()
  const before = process.memoryUsage()
  await fill(store, { from: 0, to: count, ownerOf: (number) => `owner-${Math.floor(number / 10)}` })
  collectGarbage()
  const after = process.memoryUsage()
  return {
    startUpMs,
    heapPerToken: (after.heapUsed - before.heapUsed) / count,
    residentPerToken: (after.rss - before.rss) / count,
    resident: after.rss,
  }
})
