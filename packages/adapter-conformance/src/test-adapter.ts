import { checkOptions, isFunction } from '@tessera/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chapters } from './chapters/chapters.ts'
import { openStage } from './stage/stage.ts'
import type { AdapterUnderTest, Stage } from './stage/stage.ts'

/**
 * Declares the tests for every adapter, on one server. Call it in a Vitest file.
 *
 * @throws TypeError for an unknown or missing part of the subject
 * @example testAdapter({ name: 'my framework', serve })
 */
export function testAdapter(subject: AdapterUnderTest): void {
  checkOptions('testAdapter', subject, {
    name: { right: 'a title', test: (value) => typeof value === 'string' && value !== '', required: true },
    serve: { right: 'a function that mounts the fixture', test: isFunction, required: true },
  })
  describe(`${subject.name} is an adapter of Tessera`, () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await openStage(subject)
    })
    afterAll(() => stage?.close())

    for (const { title, cases } of chapters) {
      it.each(cases.map(([name, run]) => ({ name, run })))(`${title}: $name`, async ({ run }) => {
        expect.hasAssertions()
        await run(stage)
      })
    }
  })
}
