import { describe, expect, it } from 'vitest'
import { chaptersFor } from './chapters/chapters-for.ts'
import { setStage } from './store-under-test.ts'
import type { StoreUnderTest } from './store-under-test.ts'

const TIMEOUT_MS = 60_000

/**
 * Declares the tests that every TokenStore must pass, each with an empty store of its own. Call it in a Vitest file.
 *
 * @param name What the tests are listed under.
 * @example testTokenStore('memory-store', { create: memoryStore, changeFeed: { keeps: 10_000 } })
 */
export function testTokenStore(name: string, subject: StoreUnderTest): void {
  const chapters = chaptersFor(subject).map(({ title, cases }) => [title, [...cases]] as const)
  describe(`${name} is a TokenStore`, () => {
    describe.each(chapters)('%s', (_title, cases) => {
      it.each(cases)('%s', { timeout: TIMEOUT_MS }, async (_name, run) => {
        expect.hasAssertions()
        await run(await setStage(subject, expect))
      })
    })
  })
}
