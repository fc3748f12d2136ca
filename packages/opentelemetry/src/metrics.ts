import type { Meter, ObservableResult } from '@opentelemetry/api'
import type { Diagnostics } from '@tessera/core'
import type { Attempt } from './attempt.ts'
import { errorTypeOf, outcomeOf } from './attributes.ts'
import { hear, hearEnds } from './listen.ts'
import type { Undo } from './listen.ts'
import type { InstrumentOptions } from './options.ts'

/** From a look into memory to a store that is about to fail. */
const BOUNDARIES = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** Counts and measures the calls of one API. */
export function recordMetrics({ meter, tokens }: InstrumentOptions, attempt: Attempt): readonly Undo[] {
  const { prefix } = tokens.rules
  const api = { 'tessera.api': prefix }
  const verifications = meter.createCounter('tessera.verification.count', {
    description: 'Verifications by outcome and reason of refusal',
    unit: '{verification}',
  })
  const durations = meter.createHistogram('tessera.store.operation.duration', {
    description: 'Duration of the calls of the store',
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDARIES },
  })
  const events = meter.createCounter('tessera.event.count', { description: 'Events of tokens', unit: '{event}' })

  return [
    hearEnds<Diagnostics['verify']>('verify', prefix, attempt, (call) =>
      verifications.add(1, {
        ...api,
        'tessera.operation': call.operation,
        ...outcomeOf(call),
        ...errorTypeOf(call),
      }),
    ),
    hearEnds<Diagnostics['store']>('store', prefix, attempt, (call) =>
      durations.record((call.durationMs ?? 0) / 1_000, {
        ...api,
        'tessera.store.operation': call.operation,
        ...errorTypeOf(call),
      }),
    ),
    hear<Diagnostics['event']>('event', attempt, ({ prefix: of, event }) => {
      // Of repeated refusals one event stands for several.
      const count = 'omitted' in event ? 1 + event.omitted : 1
      if (of === prefix) events.add(count, { ...api, 'tessera.event': event.type })
    }),
    ...observeStats(meter, tokens),
  ]
}

function observeStats(meter: Meter, { rules, stats }: InstrumentOptions['tokens']): readonly Undo[] {
  const api = { 'tessera.api': rules.prefix }

  function observe(name: string, description: string, read: (result: ObservableResult) => void): Undo {
    const counter = meter.createObservableCounter(name, { description })
    counter.addCallback(read)
    return () => counter.removeCallback(read)
  }

  return [
    observe('tessera.cache.lookup.count', 'Look-ups in the cache in front of the store', (result) => {
      const { cache } = stats()
      if (cache === null) return
      result.observe(cache.hits, { ...api, 'tessera.cache.result': 'hit' })
      result.observe(cache.misses, { ...api, 'tessera.cache.result': 'miss' })
    }),
    observe('tessera.use.dropped.count', 'Uses that were not recorded, since too many tokens were tracked', (result) =>
      result.observe(stats().usesDropped, api),
    ),
  ]
}
