import { describe, expect, it } from 'vitest'
import { chaptersFor } from '../src/chapters/chapters-for.ts'
import { changeFeedFollowers } from '../src/chapters/feed/change-feed-followers.ts'
import { NAIVE_FEED } from '../src/model/naive-store/changes.ts'
import { naiveStore } from '../src/model/naive-store/naive-store.ts'
import type { Case, Chapter } from '../src/stage/chapter.ts'
import { setStage } from '../src/stage/store-under-test.ts'
import type { Subject } from '../src/stage/store-under-test.ts'
import { visibility } from './feed/visibility.ts'
import { trials } from './trials.ts'

interface NamedCase {
  readonly name: string
  readonly run: Case
}

function casesOf(chapters: readonly Chapter[]): readonly NamedCase[] {
  return chapters.flatMap(({ title, cases }) => [...cases].map(([name, run]) => ({ name: `${title}: ${name}`, run })))
}

async function fails(subject: Subject, { run }: NamedCase): Promise<boolean> {
  try {
    await run(await setStage(subject, expect))
    return false
  } catch {
    return true
  }
}

/** The cases of the chapters that a store fails. */
async function failedCases(subject: Subject, chapters: readonly Chapter[]): Promise<string[]> {
  const failed: string[] = []
  for (const each of casesOf(chapters)) if (await fails(subject, each)) failed.push(each.name)
  return failed
}

/** The cases that a broken store has failed. */
const failedByAny = new Set<string>()

/** Runs the cases that no store has failed so far, and of the others only as many as it takes to see the store fail. */
async function failsAny(subject: Subject, chapters: readonly Chapter[]): Promise<boolean> {
  const cases = casesOf(chapters)
  const open = cases.filter(({ name }) => !failedByAny.has(name))
  const known = cases.filter(({ name }) => failedByAny.has(name))
  const failed: string[] = []
  for (const each of open) if (await fails(subject, each)) failed.push(each.name)
  for (const each of known) if (failed.length === 0 && (await fails(subject, each))) failed.push(each.name)
  for (const name of failed) failedByAny.add(name)
  return failed.length > 0
}

const verdicts: [mistake: string, isFailed: boolean][] = []
for (const { stores, chapters } of trials) {
  for (const [mistake, create] of Object.entries(stores)) {
    verdicts.push([mistake, await failsAny({ create, changeFeed: NAIVE_FEED, stepsOnly: true }, chapters)])
  }
}

const everyCase = casesOf(chaptersFor({ create: () => naiveStore(), changeFeed: NAIVE_FEED, stepsOnly: true })).map(
  ({ name }) => name,
)

describe('testTokenStore', () => {
  it.each(verdicts)('fails a store that %s', (_mistake, isFailed) => {
    expect(isFailed).toBe(true)
  })

  it.each(everyCase)('fails at least one of them by its case %s', (name) => {
    expect(failedByAny.has(name)).toBe(true)
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
