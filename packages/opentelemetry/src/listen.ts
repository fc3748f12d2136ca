import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { TracingChannel } from 'node:diagnostics_channel'
import type { Attempt } from './attempt.ts'
import type { Call } from './attributes.ts'

/** Undoes what was done. */
export type Undo = () => void

export function callsOn(name: string): TracingChannel<unknown, Call> {
  return tracingChannel<unknown, Call>(`tessera:${name}`)
}

/** Hears each call of one API at its end. */
export function hearEnds<Ended extends Call>(
  name: string,
  prefix: string,
  attempt: Attempt,
  hear: (call: Ended) => void,
): Undo {
  const { asyncEnd } = callsOn(name)
  const listener = (message: unknown) => {
    const call = message as Ended
    if (call.prefix === prefix) attempt(() => hear(call), undefined)
  }
  asyncEnd.subscribe(listener)
  return () => {
    asyncEnd.unsubscribe(listener)
  }
}

export function hear<Message>(name: string, attempt: Attempt, listen: (message: Message) => void): Undo {
  const listener = (message: unknown) => attempt(() => listen(message as Message), undefined)
  const named = channel(`tessera:${name}`)
  named.subscribe(listener)
  return () => {
    named.unsubscribe(listener)
  }
}
