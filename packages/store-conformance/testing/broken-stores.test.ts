import { describe, expect, it } from 'vitest'
import { chaptersFor } from '../src/chapters/chapters-for.ts'
import { changeFeedFollowers } from '../src/chapters/feed/change-feed-followers.ts'
import { NAIVE_FEED } from '../src/model/naive-store/changes.ts'
import { naiveStore } from '../src/model/naive-store/naive-store.ts'
import type { Chapter } from '../src/stage/chapter.ts'
import { setStage } from '../src/stage/store-under-test.ts'
import type { Subject } from '../src/stage/store-under-test.ts'
import { visibility } from './feed/visibility.ts'
import { trials } from './trials.ts'

/** The cases of the chapters that a store fails. */
async function failedCases(subject: Subject, chapters: readonly Chapter[]): Promise<string[]> {
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
    verdicts.push([mistake, await failedCases({ create, changeFeed: NAIVE_FEED, stepsOnly: true }, chapters)])
  }
}

const everyCase = chaptersFor({ create: () => naiveStore(), changeFeed: NAIVE_FEED, stepsOnly: true }).flatMap(
  ({ title, cases }) => [...cases.keys()].map((name) => `${title}: ${name}`),
)

describe('testTokenStore', () => {
  it.each(verdicts)('fails a store that %s', (_mistake, failed) => {
    expect(failed).not.toEqual([])
  })

  it.each(everyCase)('fails at least one of them by its case %s', (name) => {
    expect(verdicts.filter(([, failed]) => failed.includes(name))).not.toEqual([])
  })

  it.each([
    'draws the numbers of changes from a sequence, and commits them in another order',
    'moves the revision before the entry is there',
  ])('names the digest and both revisions of a lost change of a store that %s', async (mistake) => {
    const stage = await setStage(
      { create: visibility[mistake] ?? naiveStore, changeFeed: NAIVE_FEED, stepsOnly: true },
      expect,
    )
    const run = changeFeedFollowers.cases.get('brings none past an acknowledged revoke without telling of it')
    await expect(run?.(stage)).rejects.toThrow(
      /^the feed brought a reader from \d+-[\w-]+ to \d+-[\w-]+ and did not announce [\w-]{43}, whose change was acknowledged/,
    )
  })

  it('fails a store that declares a feed and has none', async () => {
    const create = () => {
      const { feed: _, ...store } = naiveStore()
      return store
    }
    const subject = { create, changeFeed: NAIVE_FEED, stepsOnly: true }
    const failed = await failedCases(subject, chaptersFor(subject))
    expect(failed).toEqual(everyCase.filter((name) => name.startsWith('change feed')))
  })

  it('fails a store that has a feed and declares none', async () => {
    const subject = { create: () => naiveStore(), stepsOnly: true }
    const failed = await failedCases(subject, chaptersFor(subject))
    expect(failed).toEqual(['change feed: is absent, since the store declares none'])
  })
})
