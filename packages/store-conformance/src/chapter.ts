import type { Stage } from './store-under-test.ts'

/** One thing that every store must do: it rejects where a store does not. */
export type Case = (stage: Stage) => Promise<void>

/**
 * The cases of one idea, by their names. They are kept apart from the test runner, so that the suite itself can be put
 * to the test.
 */
export interface Chapter {
  readonly title: string
  readonly cases: ReadonlyMap<string, Case>
}

export function chapter(title: string, tell: (it: (name: string, run: Case) => void) => void): Chapter {
  const cases = new Map<string, Case>()
  tell((name, run) => {
    if (cases.has(name)) throw new Error(`two cases of "${title}" are named "${name}"`)
    cases.set(name, run)
  })
  return { title, cases }
}
