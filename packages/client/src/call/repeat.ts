import { ClientError } from '../wire/client-error.ts'
import type { JsonObject } from '../wire/read-token.ts'
import { judgeAnswer } from './judge-answer.ts'
import type { Judgement } from './judge-answer.ts'
import { sendOnce } from './send-once.ts'
import type { Fetch, Sent } from './send-once.ts'
import type { Timer } from './timer.ts'
import { within } from './within.ts'

export interface Sending {
  readonly fetch: Fetch
  readonly timer: Timer
  /** The time for one try. */
  readonly tryMs: number
  /** The tries of a call. */
  readonly tries: number
  /** The length of an answer. */
  readonly maxBytes: number
}

/** A request that has its effect once, however often it is sent. */
export interface Repeatable {
  /** With the credential of this moment. */
  readonly sent: () => Promise<Sent>
  /** Texts to keep out of errors. */
  readonly secrets: () => readonly string[]
  /** Whether a refused credential was replaced meanwhile. */
  readonly renewed: () => Promise<boolean>
}

export interface Received {
  readonly body: JsonObject
  readonly headers: Headers
}

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000

/**
 * Sends a request until an answer came whole, at most `tries` times and until `end`. It waits between the tries, at least
 * as long as the server asks for.
 *
 * @throws ClientError
 */
export async function repeat(
  sending: Sending,
  { sent, secrets, renewed }: Repeatable,
  { end, signal }: { readonly end: number; readonly signal: AbortSignal },
): Promise<Received> {
  const { timer, tries } = sending
  for (let made = 1; ; made += 1) {
    const judgement = await tryOnce(sending, await sent(), secrets, signal)
    if (judgement.ok) return judgement
    const { error, isPassing } = judgement
    const mayTry = made < tries
    if (mayTry && error.status === 401 && (await renewed())) continue
    const pause = pauseAfter(made, error.retryAfterMs, timer)
    if (!isPassing || !mayTry || timer.now() + pause >= end) throw error
    await timer.wait(pause, signal)
    signal.throwIfAborted()
  }
}

async function tryOnce(
  { fetch, timer, tryMs: ms, maxBytes }: Sending,
  sent: Sent,
  secrets: () => readonly string[],
  signal: AbortSignal,
): Promise<Judgement> {
  signal.throwIfAborted()
  const late = () => new ClientError('no_answer', `No whole answer came within ${ms} ms.`)
  try {
    const answer = await within({ ms, late, signal, timer }, async (own) => sendOnce(fetch, sent, maxBytes, own))
    const isRefused = answer.status >= 400
    const text = isRefused ? withoutSecrets(answer.text, secrets()) : answer.text
    return judgeAnswer({ ...answer, text }, timer.now())
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ClientError)) throw error
    return { ok: false, error, isPassing: error.code === 'no_answer' }
  }
}

/** Half of it by chance: clients that failed together do not come back together. */
function pauseAfter(made: number, retryAfterMs: number | null, timer: Timer): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** made)
  return Math.ceil((retryAfterMs ?? 0) + (longest * (1 + timer.random())) / 2)
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
}
