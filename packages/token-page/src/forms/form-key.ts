import { randomUUID } from 'node:crypto'
import { Problem } from '@tessera/http'
import type { Fields } from './fields.ts'

/** The idempotency key of a form: whoever sends the form twice changes something once. It names the time of the form. */
export interface FormKey {
  readonly key: string
  /** In epoch milliseconds. A choice of days counts from here: it means the same if the form is sent again. */
  readonly at: number
}

const KEY = /^page:(\d{1,15}):[0-9a-f-]{36}$/
/** Well within the memory of a key: reloading a page the next day makes no second token. */
const VALID_MS = 12 * 3_600_000
const EARLY_MS = 60_000

export function newKey(now: number): string {
  return `page:${now}:${randomUUID()}`
}

/** The key of a form that comes back: its own, and a new one if that was used with other values or is too old. */
export function keyAfter(fields: Fields, { isSentBefore }: { readonly isSentBefore: boolean }, now: number): string {
  return (isSentBefore ? null : fields.one('key')) ?? newKey(now)
}

/** @throws Problem `idempotency_conflict` for a form that is too old to be sent, or has no key */
export function readKey(fields: Fields, now: number): FormKey {
  const key = fields.one('key') ?? ''
  const at = Number(KEY.exec(key)?.[1] ?? Number.NaN)
  if (!(at > now - VALID_MS && at < now + EARLY_MS))
    throw new Problem('idempotency_conflict', 'The form is too old to be sent.')
  return { key, at }
}
