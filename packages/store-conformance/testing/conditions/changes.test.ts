import { describe, expect, it } from 'vitest'
import { announces } from '../../src/chapters/change/announces.ts'
import { compares } from '../../src/chapters/change/compares.ts'
import { shows } from '../../src/chapters/change/shows.ts'
import { writes } from '../../src/chapters/change/writes.ts'
import { NAIVE_FEED } from '../../src/model/naive-store/changes.ts'
import { setStage } from '../../src/stage/store-under-test.ts'
import { brokenChanges } from './changes.ts'
import { changing } from './changing.ts'
import type { ChangingStore } from './changing.ts'

const CASES = [shows, writes, compares, announces].flatMap(({ cases }) => [...cases])

/** The cases that a store fails. */
async function failedCases(create: () => ChangingStore): Promise<string[]> {
  const failed: string[] = []
  for (const [name, run] of CASES) {
    const store = create()
    const subject = { create: () => store, withoutFeed: () => store.withoutFeed(), changeFeed: NAIVE_FEED }
    await run(await setStage(subject, expect)).catch(() => failed.push(name))
  }
  return failed
}

const verdicts: [mistake: string, failed: string[]][] = []
for (const [mistake, create] of Object.entries(brokenChanges)) verdicts.push([mistake, await failedCases(create)])

describe('the cases of change', () => {
  it('pass a store that shows and writes in two trips, and compares', async () => {
    expect(await failedCases(changing())).toEqual([])
  })

  it.each(verdicts)('fail a store that %s', (_mistake, failed) => {
    expect(failed).not.toEqual([])
  })

  it.each(CASES.map(([name]) => name).filter((name) => !name.startsWith('lets each of 48')))(
    'fail at least one of them: %s',
    (name) => {
      expect(verdicts.filter(([, failed]) => failed.includes(name))).not.toEqual([])
    },
  )
})
