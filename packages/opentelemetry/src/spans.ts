import { SpanStatusCode, context, trace } from '@opentelemetry/api'
import type { Context, Span, Tracer } from '@opentelemetry/api'
import { errorTypeOf, outcomeOf, tokenOf } from './attributes.ts'
import type { Call } from './attributes.ts'
import { callsOn, hearEnds } from './listen.ts'
import type { Undo } from './listen.ts'
import type { InstrumentOptions } from './options.ts'

/** The spans of a call that has not ended. */
interface Open {
  /** That of the caller, e.g. of the request. */
  readonly parent: Span | undefined
  /** That of the call itself; `null` if spans are not wanted. */
  readonly own: Span | null
}

/** Traces one API: a span for each verb, and below it one for each call of the store. */
export function recordSpans(options: InstrumentOptions): readonly Undo[] {
  const { tokens, tokenIds = false } = options
  const { prefix } = tokens.rules
  const tracer = options.spans === false ? null : (options.tracer ?? null)

  /** @param isOnParent Whether the caller's span gets the outcome, too. */
  function traceCalls(channel: string, name: (call: Call) => string, isOnParent = false): readonly Undo[] {
    const open = new Map<Call, Open>()
    const unbind = runWithin(channel, (call, around) => {
      if (call.prefix !== prefix) return around
      const opened = begin(tracer, name(call), around, { ...attributesOf(call), 'tessera.api': prefix })
      open.set(call, opened)
      return opened.within
    })
    const unhear = hearEnds(channel, prefix, (call) => {
      const { parent, own } = open.get(call) ?? {}
      open.delete(call)
      const outcome = { ...outcomeOf(call), ...errorTypeOf(call), ...(tokenIds && tokenOf(call)) }
      if (isOnParent && parent?.isRecording() === true) parent.setAttributes({ 'tessera.api': prefix, ...outcome })
      if (call.outcome === 'failed') own?.setStatus({ code: SpanStatusCode.ERROR })
      own?.setAttributes(outcome).end()
    })
    const endAll = () => {
      for (const { own } of open.values()) own?.end()
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

type Within = (call: Call, around: Context) => Context

const withins = new WeakMap<object, Set<Within>>()

/**
 * Runs each call within a context of OpenTelemetry. Its API has no store that could be bound to a channel: so the channel's own
 * `runStores` is called within the context.
 */
function runWithin(channel: string, contextOf: Within): Undo {
  const { start } = callsOn(channel)
  const all = withinsOf(start)
  const hear = () => {}
  all.add(contextOf)
  start.subscribe(hear)
  return () => {
    start.unsubscribe(hear)
    all.delete(contextOf)
    if (all.size > 0) return
    withins.delete(start)
    Reflect.deleteProperty(start, 'runStores')
  }
}

function withinsOf(start: ReturnType<typeof callsOn>['start']): Set<Within> {
  const known = withins.get(start)
  if (known !== undefined) return known
  const all = new Set<Within>()
  withins.set(start, all)
  const runStores = (call: Call, work: (...args: unknown[]) => unknown, self?: unknown, ...args: unknown[]) => {
    let within = context.active()
    for (const contextOf of all) within = contextOf(call, within)
    return context.with(within, () => Object.getPrototypeOf(start).runStores.call(start, call, work, self, ...args))
  }
  Object.defineProperty(start, 'runStores', { value: runStores, configurable: true })
  return all
}
