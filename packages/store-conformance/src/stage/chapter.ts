import type { Stage } from './store-under-test.ts'

/** One requirement of every store: it rejects if a store fails it. */
export type Case = (stage: Stage) => Promise<void>

/**
 * The cases of one idea, by their names. They are kept apart from the test runner, so the suite itself can be tested.
 */
export interface Chapter {
  readonly title: string
  /** What the cases prove: phrases of the contract's documentation, word for word. A failure quotes them. */
  readonly proves: readonly string[]
  readonly cases: ReadonlyMap<string, Case>
}

export function chapter(
  title: string,
  proves: readonly string[],
  add: (it: (name: string, run: Case) => void) => void,
): Chapter {
  const cases = new Map<string, Case>()
  add((name, run) => {
    if (cases.has(name)) throw new Error(`two cases of "${title}" are named "${name}"`)
    cases.set(name, async (stage) => {
      try {
        await run(stage)
      } catch (error) {
        throw quoting(error, proves)
      }
    })
  })
  return { title, proves, cases }
}

function quoting(error: unknown, proves: readonly string[]): unknown {
  if (error instanceof Error)
    error.message += ['\n\nThe contract says:', ...proves.map((each) => `"${each}"`)].join('\n  ')
  return error
}
