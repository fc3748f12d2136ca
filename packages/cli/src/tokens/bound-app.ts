import type { Tokens } from '@tessera/core'
import { inTime } from '../terminal/deadline.ts'
import { Exit, exitCodes } from '../terminal/exit-codes.ts'
import type { App } from './app.ts'

const MOST_CLOSE_MS = 10_000

/** The same app, but none of its calls takes longer than `timeoutMs`. */
export function boundApp(app: App, timeoutMs: number): App {
  const { migrate } = app
  const late = (what: string) => () =>
    new Exit(exitCodes.store, `${what} got no answer within ${timeoutMs / 1_000} s; see --timeout`)
  return {
    ...app,
    tokens: boundTokens(app.tokens, (name, work) => inTime(work, timeoutMs, late(name))),
    migrate: migrate && ((dryRun) => inTime(migrate(dryRun), timeoutMs, late('migrate'))),
    close: () => inTime(app.close(), Math.min(timeoutMs, MOST_CLOSE_MS), late('close')),
  }
}

type Bound = <Result>(name: string, work: Promise<Result>) => Promise<Result>

function boundTokens(tokens: Tokens, bound: Bound): Tokens {
  // A proxy of the tokens themselves may not answer otherwise for a frozen property.
  return new Proxy(Object.create(tokens), {
    get(_, name) {
      const value: unknown = Reflect.get(tokens, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const answer: unknown = Reflect.apply(value, tokens, args)
        return answer instanceof Promise ? bound(String(name), answer) : answer
      }
    },
  })
}
