import { warn } from '@tessera/core'
import { attemptWith } from './attempt.ts'
import { recordMetrics } from './metrics.ts'
import { checkInstrumentOptions } from './options.ts'
import type { InstrumentOptions } from './options.ts'
import { recordSpans } from './spans.ts'

/**
 * Measures and traces the tokens of one API. Call it once for each API of the process. No metric holds an owner, an id or a
 * preview. If the meter or the tracer fails, that goes to `onError`, and no call fails.
 *
 * @returns Undoes it: nothing is measured any more, and open spans are ended.
 * @throws TypeError for an unknown or wrong option, with its name
 * @example
 * const stop = instrumentTessera({ meter: metrics.getMeter('acme'), tracer: trace.getTracer('acme'), tokens })
 */
export function instrumentTessera(options: InstrumentOptions): () => void {
  checkInstrumentOptions(options)
  const attempt = attemptWith(options.onError ?? warn)
  const undos = [...recordMetrics(options, attempt), ...recordSpans(options, attempt)]
  return () => {
    for (const undo of undos) undo()
  }
}
