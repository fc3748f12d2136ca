import { isFunction } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import { challenge } from '../bearer/challenge.ts'
import type { HttpRequest } from '../message/message.ts'
import { Problem } from '../message/problem.ts'
import type { JsonObject } from '../message/read-body.ts'
import type { Form } from '../message/read-form.ts'
import { readClientCredentials } from './client-credentials.ts'
import type { ClientCredentials } from './client-credentials.ts'
import { writeOAuthError } from './oauth-error.ts'

/** An OAuth client known to the app: a row of its own, or the `Token` used by the client. */
export interface OAuthClient {
  readonly id: string
}

/** Finds the client of these credentials in the app; nothing if they are nobody's. */
export type FindClient<Client extends OAuthClient = OAuthClient> = (
  credentials: ClientCredentials,
) => Client | null | undefined | Promise<Client | null | undefined>

/** A valid {@link FindClient}. */
export const clientRule: OptionRule = { right: 'a function of the credentials', test: isFunction }

/**
 * @throws Problem 401 if the request carries no client's credentials, in the scheme of the request; `invalid_request`
 *   if it carries more than one
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export async function requireClient<Client extends OAuthClient>(
  { headers }: HttpRequest,
  form: Form,
  findClient: FindClient<Client>,
): Promise<Client> {
  const credentials = readClientCredentials(headers, form)
  const client = credentials === null ? null : await findClient(credentials)
  if (isClient(client)) return client
  if (credentials?.method === 'Bearer') throw challenge({ ok: false, reason: 'unknown' })
  throw new Problem('unauthenticated', 'The client is not authenticated.', {
    headers: { 'WWW-Authenticate': 'Basic realm="oauth", charset="UTF-8"' },
  })
}

/** The words of {@link writeOAuthError} for a client that has to authenticate. */
export function writeClientError(problem: Problem): JsonObject {
  const words = writeOAuthError(problem)
  return problem.code === 'unauthenticated' ? { ...words, error: 'invalid_client' } : words
}

// An answer such as `true` or `{ ok: false }`, which only JavaScript can give, lets nobody in.
function isClient<Client extends OAuthClient>(client: Client | null | undefined): client is Client {
  return typeof client === 'object' && client !== null && typeof client.id === 'string'
}
