import { describe, expect, it } from 'vitest'
import { leases } from '../../src/chapters/feed/leases.ts'
import { NAIVE_FEED } from '../../src/model/naive-store/changes.ts'
import { onStage } from '../../src/stage/store-under-test.ts'
import { brokenLeases, leasing } from './leasing.ts'
import type { LeasingStore } from './leasing.ts'

const MOST_TRIES = 5

/** The cases that a store fails, all at once: most of them wait. */
async function failedCases(create: () => LeasingStore): Promise<string[]> {
  const failed: string[] = []
  await Promise.all(
    [...leases.cases].map(async ([name, run]) => {
      const store = create()
      const subject = { create: () => store.create(0), changeFeed: NAIVE_FEED, leases: store }
      await onStage(subject, expect, run).catch(() => failed.push(name))
    }),
  )
  return failed
}

/** The same, tried again if it passes all: on a busy machine any answer may take as long as a wait. */
async function failedOnce(create: () => LeasingStore): Promise<string[]> {
  for (let tries = 1; tries < MOST_TRIES; tries += 1) {
    const failed = await failedCases(create)
    if (failed.length > 0) return failed
  }
  return failedCases(create)
}

const isAnswered = (name: string) => !name.startsWith('are not waited for')
const mistakes = Object.entries(brokenLeases)
const verdicts = await Promise.all(
  mistakes.map(async ([mistake, create]): Promise<[string, string[]]> => [mistake, await failedOnce(create)]),
)

describe('the cases of leases', () => {
  it('pass a store that keeps the longest length, and waits for it', async () => {
    expect(await failedCases(leasing)).toEqual([])
  })

  it.each(verdicts)('fail a store that %s', (_mistake, failed) => {
    expect(failed).not.toEqual([])
  })

  it.each([...leases.cases.keys()].filter(isAnswered))('fail at least one of them: %s', (name) => {
    expect(verdicts.filter(([, failed]) => failed.includes(name))).not.toEqual([])
  })
})
