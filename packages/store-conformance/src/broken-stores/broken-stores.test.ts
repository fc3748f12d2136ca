import { describe, expect, it } from 'vitest'
import type { Chapter } from '../chapter.ts'
import { chaptersFor } from '../chapters/chapters-for.ts'
import { NAIVE_FEED } from '../naive-store/changes.ts'
import { naiveStore } from '../naive-store/naive-store.ts'
import { setStage } from '../store-under-test.ts'
import type { StoreUnderTest } from '../store-under-test.ts'
import { trials } from './trials.ts'

/** The cases of the chapters that a store fails. */
async function failedCases(subject: StoreUnderTest, chapters: readonly Chapter[]): Promise<string[]> {
  const failed: string[] = []
  for (const { title, cases } of chapters) {
    for (const [name, run] of cases) {
      try {
        await run(await setStage(subject, expect))
      } catch {
        failed.push(`${title}: ${name}`)
      }
    }
  }
  return failed
}

const verdicts: [mistake: string, failed: string[]][] = []
for (const { stores, chapters } of trials) {
  for (const [mistake, create] of Object.entries(stores)) {
    verdicts.push([mistake, await failedCases({ create, changeFeed: NAIVE_FEED }, chapters)])
  }
}

const everyCase = chaptersFor({ create: () => naiveStore(), changeFeed: NAIVE_FEED }).flatMap(({ title, cases }) =>
  [...cases.keys()].map((name) => `${title}: ${name}`),
)

describe('testTokenStore', () => {
  it.each(verdicts)('fails a store that %s', (_mistake, failed) => {
    expect(failed).not.toEqual([])
  })

  it.each(everyCase)('fails at least one of them by its case %s', (name) => {
    expect(verdicts.filter(([, failed]) => failed.includes(name))).not.toEqual([])
  })

  it('fails a store that declares a feed and has none', async () => {
    const create = () => {
      const { changes: _, ...store } = naiveStore()
      return store
    }
    const subject = { create, changeFeed: NAIVE_FEED }
    const failed = await failedCases(subject, chaptersFor(subject))
    expect(failed).toEqual(everyCase.filter((name) => name.startsWith('change feed')))
  })

  it('fails a store that has a feed and declares none', async () => {
    const subject = { create: () => naiveStore() }
    const failed = await failedCases(subject, chaptersFor(subject))
    expect(failed).toEqual(['change feed: is absent, since the store declares none'])
  })
})
