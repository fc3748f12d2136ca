import type { Calling } from './call/call.ts'
import type { Fetch } from './call/send-once.ts'
import { isTime, systemTimer } from './call/timer.ts'
import type { Timer } from './call/timer.ts'
import type { Source } from './credential/credential.ts'
import type { StoreSecret } from './renewal/rotate-self.ts'
import { checkNames } from './wire/check-names.ts'
import { checkUrl } from './wire/check-url.ts'

export interface ClientOptions {
  /** Where the tokens are served in the dialect `standard`, e.g. `https://api.example.com/tokens`. */
  readonly url: string | URL
  /** The secret of a token, or a function to read it. The client calls it at the first use, and after a refusal. */
  readonly token?: Source | undefined
  /** In place of `token`: the whole value of the header `Authorization`, or a function for it. */
  readonly authorization?: Source | undefined
  /** Keeps the secret of a rotation where `token` comes from. Needed for `rotateSelf`. */
  readonly store?: StoreSecret | undefined
  /** Default the platform's. */
  readonly fetch?: Fetch | undefined
  /** The time for a call, with all its tries and pauses. Default 30,000. */
  readonly deadlineMs?: number | undefined
  /** The time for one try. Default 10,000. */
  readonly tryMs?: number | undefined
  /** The tries of a call, the first one included. Default 4. */
  readonly tries?: number | undefined
  /** The longest answer. Default 4 MiB. */
  readonly maxBytes?: number | undefined
  /** Allows `http` to other machines, e.g. within a cluster. Default false. */
  readonly allowHttp?: boolean | undefined
  /** Default the system's. */
  readonly timer?: Timer | undefined
}

const NAMES: Readonly<Record<keyof ClientOptions, true>> = {
  url: true,
  token: true,
  authorization: true,
  store: true,
  fetch: true,
  deadlineMs: true,
  tryMs: true,
  tries: true,
  maxBytes: true,
  allowHttp: true,
  timer: true,
}

export interface ClientSettings extends Calling {
  readonly allowHttp: boolean
}

/** @throws TypeError with the option's name */
export function settingsOf(options: ClientOptions): ClientSettings {
  checkNames('createClient', options, NAMES)
  const { token, authorization, store, fetch = platformFetch, timer = systemTimer, allowHttp = false } = options
  if ((token === undefined) === (authorization === undefined))
    throw new TypeError('createClient: give one of "token" and "authorization"')
  if (store !== undefined && typeof store !== 'function') throw wrong('store', 'a function')
  if (store !== undefined && token === undefined)
    throw new TypeError('createClient: "store" keeps the secret of "token", which is not given')
  if (typeof fetch !== 'function') throw wrong('fetch', 'a function')
  if (typeof allowHttp !== 'boolean') throw wrong('allowHttp', 'a boolean')
  return {
    url: checkUrl('createClient', options.url, allowHttp),
    allowHttp,
    fetch,
    timer,
    deadlineMs: wholeNumber(options, 'deadlineMs', 30_000),
    tryMs: wholeNumber(options, 'tryMs', 10_000),
    tries: wholeNumber(options, 'tries', 4),
    maxBytes: wholeNumber(options, 'maxBytes', 4 * 1_024 * 1_024),
  }
}

/** Called as a function: browsers refuse it as a method of another object. */
const platformFetch: Fetch = async (url, init) => fetch(url, init)

function wholeNumber(
  options: ClientOptions,
  name: 'deadlineMs' | 'tryMs' | 'tries' | 'maxBytes',
  otherwise: number,
): number {
  const value = options[name] ?? otherwise
  if (!isTime(value)) throw wrong(name, 'a whole number, 1 to 2,147,483,647')
  return value
}

function wrong(name: string, right: string): TypeError {
  return new TypeError(`createClient: option "${name}" must be ${right}`)
}
