import { describe, expect, it } from 'vitest'
import type { Chapter } from '../chapter.ts'
import { changeFeedFollowers } from '../chapters/change-feed-followers.ts'
import { chaptersFor } from '../chapters/chapters-for.ts'
import { NAIVE_FEED } from '../naive-store/changes.ts'
import { naiveStore } from '../naive-store/naive-store.ts'
import { setStage } from '../store-under-test.ts'
import type { StoreUnderTest } from '../store-under-test.ts'
import { trials } from './trials.ts'
import { visibility } from './visibility.ts'

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

  it.each([
    'draws the numbers of changes from a sequence, and commits them in another order',
    'moves the revision before the entry is there',
  ])('names the digest and both revisions of a lost change of a store that %s', async (mistake) => {
    const stage = await setStage({ create: visibility[mistake] ?? naiveStore, changeFeed: NAIVE_FEED }, expect)
    const run = changeFeedFollowers.cases.get('brings none past an acknowledged revoke without telling of it')
    await expect(run?.(stage)).rejects.toThrow(
      /^the feed brought a reader from \d+-[\w-]+ to \d+-[\w-]+ and did not tell of [\w-]{43}, whose change was acknowledged/,
    )
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
