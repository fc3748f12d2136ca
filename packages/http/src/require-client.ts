import { isFunction } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import { challenge } from './challenge.ts'
import { readClientCredentials } from './client-credentials.ts'
import type { ClientCredentials } from './client-credentials.ts'
import type { HttpRequest } from './message.ts'
import { writeOAuthError } from './oauth-error.ts'
import { Problem } from './problem.ts'
import type { JsonObject } from './read-body.ts'
import type { Form } from './read-form.ts'

/** An OAuth client that the app knows: a row of its own, or the `Token` that the client called with. */
export interface OAuthClient {
  readonly id: string
}

/** Whose credentials these are, as the app knows or finds out; nothing where they are nobody's. */
export type FindClient<Client extends OAuthClient = OAuthClient> = (
  credentials: ClientCredentials,
) => Client | null | undefined | Promise<Client | null | undefined>

/** What a {@link FindClient} must be. */
export const clientRule: OptionRule = { right: 'a function of the credentials', test: isFunction }

/**
 * @throws Problem 401 when the request carries no client's credentials, in the scheme that it used; `invalid_request`
 *   when it carries more than one
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

/** The words of {@link writeOAuthError} where it is a client that has to authenticate. */
export function writeClientError(problem: Problem): JsonObject {
  const words = writeOAuthError(problem)
  return problem.code === 'unauthenticated' ? { ...words, error: 'invalid_client' } : words
}

// An answer such as `true` or `{ ok: false }`, which only JavaScript can give, lets nobody in.
function isClient<Client extends OAuthClient>(client: Client | null | undefined): client is Client {
  return typeof client === 'object' && client !== null && typeof client.id === 'string'
}
