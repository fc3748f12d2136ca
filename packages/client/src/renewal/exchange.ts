import { inTime } from '../call/call.ts'
import type { Calling } from '../call/call.ts'
import { repeat } from '../call/repeat.ts'
import { isHeader } from '../credential/credential.ts'
import type { OwnSecret } from '../credential/credential.ts'
import { ClientError } from '../wire/client-error.ts'
import type { JsonObject } from '../wire/read-token.ts'

export interface Exchange {
  readonly url: string
  readonly scopes: readonly string[] | undefined
  readonly audience: string | undefined
  readonly resource: string | undefined
}

/** An access token. All times are in epoch milliseconds. */
export interface Held {
  readonly header: string
  /** The header of the exchanged secret: a rotation ends both. */
  readonly under: string
  readonly takenAt: number
  readonly endsAt: number
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

/**
 * Exchanges the newest secret for an access token. A lost answer is repeated: nobody has seen its access token.
 *
 * @throws ClientError
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-2
 */
export async function exchangeSecret(calling: Calling, own: OwnSecret, asked: Exchange): Promise<Held> {
  const takenAt = calling.timer.now()
  const secret = await own.secret()
  const under = `Bearer ${secret}`
  const headers = { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' }
  const sent = { method: 'POST', url: asked.url, headers, body: formOf(asked, secret) }
  const request = { sent: async () => sent, secrets: () => [secret], renewed: async () => false }
  try {
    const { body } = await inTime(calling, {}, async (limits) => repeat(calling, request, limits))
    return { ...accessTokenIn(body, takenAt), under, takenAt }
  } catch (error) {
    // Another process may have rotated the token. Of a token that is not valid the endpoint says no more than this.
    const isRefused = error instanceof ClientError && error.code === 'invalid_request'
    if (isRefused && (await own.isRenewed(under))) return exchangeSecret(calling, own, asked)
    throw error
  }
}

function formOf({ scopes, audience, resource }: Exchange, secret: string): string {
  const form = new URLSearchParams({ grant_type: GRANT_TYPE, subject_token: secret, subject_token_type: ACCESS_TOKEN })
  if (scopes !== undefined) form.set('scope', scopes.join(' '))
  if (audience !== undefined) form.set('audience', audience)
  if (resource !== undefined) form.set('resource', resource)
  return form.toString()
}

function accessTokenIn(answer: JsonObject, takenAt: number): Pick<Held, 'header' | 'endsAt'> {
  const { access_token, token_type, expires_in } = answer
  const header = `Bearer ${String(access_token)}`
  const isBearer = typeof token_type === 'string' && token_type.toLowerCase() === 'bearer'
  if (!isBearer || typeof access_token !== 'string' || !isHeader(header) || !isDuration(expires_in))
    throw new ClientError('unexpected_answer', 'The answer has no access token of the type Bearer, and its lifetime.')
  return { header, endsAt: takenAt + expires_in * 1_000 }
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value)
}
