import { callHook } from '@tessera/core'

/** Does some work of measuring. If it fails, the failure is reported, and `otherwise` is the answer. */
export type Attempt = <Answer>(work: () => Answer, otherwise: Answer) => Answer

/** A failure of the meter or the tracer goes to `onError`. Otherwise Node would end the process, or a request would be refused. */
export function attemptWith(onError: (error: Error) => unknown): Attempt {
  return (work, otherwise) => {
    try {
      return work()
    } catch (thrown) {
      const rethrow = () => {
        throw thrown
      }
      callHook('instrumentTessera: option "meter" or "tracer"', rethrow, onError)
      return otherwise
    }
  }
}
