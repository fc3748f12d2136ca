import { checkOptions, isFunction } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { chaptersFor } from './chapters/chapters-for.ts'
import { onStage } from './stage/store-under-test.ts'
import type { StoreUnderTest, Subject } from './stage/store-under-test.ts'

const TIMEOUT_MS = 60_000

const functionRule: OptionRule = { right: 'a function', test: isFunction }

// A mistyped part would go untested.
const RULES: Readonly<Record<keyof StoreUnderTest, OptionRule>> = {
  create: { ...functionRule, required: true },
  connect: functionRule,
  destroy: functionRule,
  changeFeed: {
    right: '{ keeps }, a number',
    test: (value) => typeof value === 'object' && value !== null,
    names: { keeps: true },
  },
  withoutFeed: functionRule,
  leases: {
    right: '{ create, connect }, functions',
    test: (value) => typeof value === 'object' && value !== null && isFunction(Reflect.get(value, 'create')),
    names: { create: true, connect: true },
  },
}

/**
 * Declares the tests for every TokenStore, each with an empty store of its own. Call it in a Vitest file.
 *
 * @param name The title of the tests.
 * @throws TypeError for an unknown part of the subject, which would go untested
 * @example testTokenStore('memory-store', { create: memoryStore, changeFeed: { keeps: 10_000 } })
 */
export function testTokenStore(name: string, subject: StoreUnderTest): void {
  checkOptions('testTokenStore', subject, RULES)
  testSubject(name, subject as Subject)
}

/** The same for steps without a store. */
export function testSubject(name: string, subject: Subject): void {
  const chapters = chaptersFor(subject).map(({ title, cases }) => [title, [...cases]] as const)
  describe(`${name} is a TokenStore`, () => {
    describe.each(chapters)('%s', (_title, cases) => {
      it.each(cases)('%s', { timeout: TIMEOUT_MS }, async (_name, run) => {
        expect.hasAssertions()
        await onStage(subject, expect, run)
      })
    })
  })
}
