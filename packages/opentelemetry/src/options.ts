import type { Meter, Tracer } from '@opentelemetry/api'
import { checkOptions, hasMethods, isBoolean, isFunction } from '@tessera/core'
import type { OptionRule, Tokens } from '@tessera/core'

export interface InstrumentOptions {
  /** For counters and the histogram. */
  readonly meter: Meter
  /** For spans. Without one there are none, and the active span still gets the outcome of a verification. */
  readonly tracer?: Tracer | undefined
  /** The tokens of one API. Calls of other prefixes are passed over. */
  readonly tokens: Pick<Tokens, 'rules' | 'stats'>
  /** Spans of verbs and of the calls of the store below them. Default true. */
  readonly spans?: boolean | undefined
  /** The owner and the id of the token on spans. Default false. They are in no metric. */
  readonly tokenIds?: boolean | undefined
  /** Called with each failure of the meter or the tracer. Default a process warning. */
  readonly onError?: ((error: Error) => unknown) | undefined
}

const RULES: Readonly<Record<keyof InstrumentOptions, OptionRule>> = {
  meter: {
    right: 'a Meter of @opentelemetry/api',
    test: (value) => hasMethods(value, ['createCounter', 'createHistogram', 'createObservableCounter']),
    required: true,
  },
  tracer: { right: 'a Tracer of @opentelemetry/api', test: (value) => hasMethods(value, ['startSpan']) },
  tokens: {
    right: 'the tokens, made by createTokens',
    test: (value) => hasMethods(value, ['stats']) && hasPrefix(Reflect.get(value as object, 'rules')),
    required: true,
  },
  spans: { right: 'a boolean', test: isBoolean },
  tokenIds: { right: 'a boolean', test: isBoolean },
  onError: { right: 'a function', test: isFunction },
}

/** Calls are told apart by it: without one, none would be counted. */
function hasPrefix(rules: unknown): boolean {
  return typeof rules === 'object' && rules !== null && typeof Reflect.get(rules, 'prefix') === 'string'
}

export function checkInstrumentOptions(options: InstrumentOptions): void {
  checkOptions('instrumentTessera', options, RULES)
  if (options.spans === true && options.tracer === undefined)
    throw new TypeError('instrumentTessera: option "tracer" is needed for spans')
}
