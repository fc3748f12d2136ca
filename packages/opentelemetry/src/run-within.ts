import { context } from '@opentelemetry/api'
import type { Context } from '@opentelemetry/api'
import type { Call } from './attributes.ts'
import { callsOn } from './listen.ts'
import type { Undo } from './listen.ts'

/** Chooses the context of a call, given the one around it. It never throws. */
export type Within = (call: Call, around: Context) => Context

type Start = ReturnType<typeof callsOn>['start']

/** The contexts of a channel. All copies of this package share them. */
const WITHINS: unique symbol = Symbol.for('tessera.opentelemetry.withins') as never

/**
 * Runs each call within a context of OpenTelemetry. Its API has no store that could be bound to a channel: so the channel's own
 * `runStores` is called within the context.
 */
export function runWithin(channel: string, contextOf: Within): Undo {
  const { start } = callsOn(channel)
  const all = withinsOf(start)
  const hear = () => {}
  all.add(contextOf)
  start.subscribe(hear)
  return () => {
    start.unsubscribe(hear)
    all.delete(contextOf)
    if (all.size > 0) return
    Reflect.deleteProperty(start, WITHINS)
    Reflect.deleteProperty(start, 'runStores')
  }
}

function withinsOf(start: Start): Set<Within> {
  const known = Reflect.get(start, WITHINS) as Set<Within> | undefined
  if (known !== undefined) return known
  const all = new Set<Within>()
  const runStores = (call: Call, work: (...args: unknown[]) => unknown, self?: unknown, ...args: unknown[]) => {
    let within = context.active()
    for (const contextOf of all) within = contextOf(call, within)
    return context.with(within, () => Object.getPrototypeOf(start).runStores.call(start, call, work, self, ...args))
  }
  Object.defineProperty(start, WITHINS, { value: all, configurable: true })
  Object.defineProperty(start, 'runStores', { value: runStores, configurable: true })
  return all
}
