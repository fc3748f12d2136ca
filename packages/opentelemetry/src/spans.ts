import { SpanStatusCode, trace } from '@opentelemetry/api'
import type { Context, Span, Tracer } from '@opentelemetry/api'
import { errorTypeOf, outcomeOf, tokenOf } from './attributes.ts'
import type { Call } from './attributes.ts'
import type { Attempt } from './attempt.ts'
import { hearEnds } from './listen.ts'
import type { Undo } from './listen.ts'
import type { InstrumentOptions } from './options.ts'
import { runWithin } from './run-within.ts'

/** The spans of a call that has not ended. */
interface Open {
  /** That of the caller, e.g. of the request. */
  readonly parent: Span | undefined
  /** That of the call itself; `null` if spans are not wanted. */
  readonly own: Span | null
}

/** Traces one API: a span for each verb, and below it one for each call of the store. */
export function recordSpans(options: InstrumentOptions, attempt: Attempt): readonly Undo[] {
  const { tokens, tokenIds = false } = options
  const { prefix } = tokens.rules
  const tracer = options.spans === false ? null : (options.tracer ?? null)

  /** @param isOnParent Whether the caller's span gets the outcome, too. */
  function traceCalls(channel: string, name: (call: Call) => string, isOnParent = false): readonly Undo[] {
    const open = new Map<Call, Open>()
    const unbind = runWithin(channel, (call, around) => {
      if (call.prefix !== prefix) return around
      const attributes = { ...attributesOf(call), 'tessera.api': prefix }
      return attempt(() => {
        const opened = begin(tracer, name(call), around, attributes)
        open.set(call, opened)
        return opened.within
      }, around)
    })
    const unhear = hearEnds<Call>(channel, prefix, attempt, (call) => {
      const { parent, own } = open.get(call) ?? {}
      open.delete(call)
      const outcome = { ...outcomeOf(call), ...errorTypeOf(call), ...(tokenIds && tokenOf(call)) }
      if (isOnParent && parent?.isRecording() === true) parent.setAttributes({ 'tessera.api': prefix, ...outcome })
      if (call.outcome === 'failed') own?.setStatus({ code: SpanStatusCode.ERROR })
      own?.setAttributes(outcome).end()
    })
    const endAll = () => {
      for (const { own } of open.values()) attempt(() => own?.end(), undefined)
      open.clear()
    }
    return [unbind, unhear, endAll]
  }

  const verbs = Object.keys(tokens).filter((name) => typeof Reflect.get(tokens, name) === 'function')
  const ofVerbs = tracer === null ? [] : verbs.filter((name) => name !== 'verify')
  return [
    ...traceCalls('verify', ({ operation }) => `tessera.${operation}`, true),
    ...ofVerbs.flatMap((name) => traceCalls(name, ({ operation }) => `tessera.${operation}`)),
    ...(tracer === null ? [] : traceCalls('store', ({ operation }) => `tessera.store ${operation}`)),
  ]
}

function attributesOf(call: Call) {
  const { operation } = call
  return 'label' in call ? { 'tessera.store.operation': operation } : { 'tessera.operation': operation }
}

function begin(
  tracer: Tracer | null,
  name: string,
  around: Context,
  attributes: Readonly<Record<string, string>>,
): Open & { readonly within: Context } {
  const parent = trace.getSpan(around)
  if (tracer === null) return { parent, own: null, within: around }
  const own = tracer.startSpan(name, { attributes }, around)
  return { parent, own, within: trace.setSpan(around, own) }
}
