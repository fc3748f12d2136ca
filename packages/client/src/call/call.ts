import { secretsIn } from '../credential/credential.ts'
import type { Credential } from '../credential/credential.ts'
import { checkNames } from '../wire/check-names.ts'
import { ClientError, underKey } from '../wire/client-error.ts'
import { repeat } from './repeat.ts'
import type { Received, Sending } from './repeat.ts'
import type { Sent } from './send-once.ts'
import { TIME, isTime } from './timer.ts'
import { within } from './within.ts'

export interface CallOptions {
  /** Ends the call. It rejects with the reason of the signal, and the request may have been carried out. */
  readonly signal?: AbortSignal | undefined
  /** The time for the call, with all tries and pauses. Default that of the client. */
  readonly deadlineMs?: number | undefined
}

export interface ChangeOptions extends CallOptions {
  /**
   * The same change under the same key has its effect once in 24 hours, also after a crash of this process. Default one
   * that no other call has.
   */
  readonly idempotencyKey?: string | undefined
}

const OPTIONS: Readonly<Record<keyof CallOptions, true>> = { signal: true, deadlineMs: true }
const KEY = /^[\x21-\x7e]{1,255}$/

export interface Calling extends Sending {
  /** Without a slash at the end. */
  readonly url: string
  readonly deadlineMs: number
}

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the URL of the tokens, e.g. `/self`. */
  readonly path: string
  readonly query?: URLSearchParams
  readonly body?: object | undefined
  readonly key?: string
}

/** @throws ClientError; the reason of the signal; TypeError for a wrong option or key */
export async function call(
  calling: Calling,
  credential: Credential,
  { method, path, query, body, key }: Asked,
  options: CallOptions,
): Promise<Received> {
  if (key !== undefined && !KEY.test(key))
    throw new TypeError('"idempotencyKey" must be 1 to 255 visible ASCII characters')
  let authorization = ''
  async function sent(): Promise<Sent> {
    authorization = await credential.header()
    const headers = {
      Accept: 'application/json, application/problem+json',
      Authorization: authorization,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(key !== undefined && { 'Idempotency-Key': key }),
    }
    const search = query?.toString() ?? ''
    return { method, url: calling.url + path + (search && `?${search}`), headers, body: body && JSON.stringify(body) }
  }
  const renewed = async () => credential.isRenewed(authorization)
  try {
    return await inTime(calling, options, async (limits) =>
      repeat(calling, { sent, secrets: () => secretsIn(authorization), renewed }, limits),
    )
  } catch (error) {
    throw underKey(error, key)
  }
}

/** Runs until the deadline of a call. */
export async function inTime<Result>(
  { timer, deadlineMs }: Pick<Calling, 'timer' | 'deadlineMs'>,
  options: CallOptions,
  run: (limits: { readonly end: number; readonly signal: AbortSignal }) => Promise<Result>,
): Promise<Result> {
  checkNames('the options of a call', options, OPTIONS)
  const { deadlineMs: ms = deadlineMs, signal } = options
  if (!isTime(ms)) throw new TypeError(`"deadlineMs" must be ${TIME}`)
  const late = () => new ClientError('deadline', `The call was not answered within ${ms} ms.`)
  const end = timer.now() + ms
  return within({ ms, late, signal, timer }, async (own) => run({ end, signal: own }))
}
