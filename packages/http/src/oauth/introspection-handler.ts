import { checkOptions, isAddress, isBoolean, isFunction } from '@tessera/core'
import type { ContextSource, OptionRule, Token, Tokens } from '@tessera/core'
import { checkTokens, optionRules } from '../bearer/option-rules.ts'
import { answerErrors } from '../dialects/answer-errors.ts'
import type { OnError } from '../dialects/answer-errors.ts'
import { jsonResponse } from '../message/message.ts'
import type { Handler, HttpRequest } from '../message/message.ts'
import { methodNotAllowed } from '../message/method-not-allowed.ts'
import { Problem } from '../message/problem.ts'
import { readForm, requireParameter } from '../message/read-form.ts'
import type { Form } from '../message/read-form.ts'
import { urlRule } from '../message/url-rule.ts'
import { describeToken } from './describe-token.ts'
import { clientRule, requireClient, writeClientError } from './require-client.ts'
import type { FindClient, OAuthClient } from './require-client.ts'

export interface IntrospectionOptions<Client extends OAuthClient = OAuthClient> {
  /**
   * Finds the client of these credentials. Without a client nobody may ask. `clientSecrets` makes one from ids and
   * secrets.
   */
  readonly client: FindClient<Client>
  /** Whether this client may know of this token; otherwise it is answered as inactive. Default: every client of every token. */
  readonly mayIntrospect?: (client: Client, token: Token) => boolean | Promise<boolean>
  /**
   * Whether an answer about an active token is a use of it, as if the token had come to this process: it counts for
   * `listUnused` and `revokeUnused`, moves a sliding expiry, and as the first use of a successor ends its predecessor.
   * Default true, since a resource server asks about the tokens that it was given. With false a token that comes only to
   * such servers counts as unused.
   */
  readonly countsAsUse?: boolean
  /** The issuer of the tokens, in answers as `iss`. Default left out. */
  readonly issuer?: string
  /** The APIs of the tokens, in answers as `aud`. Default left out. */
  readonly audience?: string | readonly string[]
  /** Called with every store failure answered with 503. Default: a process warning. */
  readonly onError?: OnError
}

/** The options of introspection, for `checkOptions`. */
export const introspectionRules: Readonly<Record<keyof IntrospectionOptions, OptionRule>> = {
  client: { ...clientRule, required: true },
  mayIntrospect: { right: 'a function of the client and the token', test: isFunction },
  countsAsUse: { right: 'a boolean', test: isBoolean },
  issuer: urlRule,
  audience: { right: 'a text that is not empty, or a list of such', test: isAudience },
  onError: optionRules.onError,
}

/**
 * `POST` with a secret as form field `token`, by an authenticated client: the facts about an active token. Any other
 * token gets `{"active":false}` alone, so the answer reveals nothing.
 *
 * A token with networks is active only with the form field `client_address`, the address of whoever presented the token,
 * and only from there. The answer names its networks as `tessera_networks`: one that is kept is not for other addresses.
 *
 * @throws TypeError for a missing, unknown or wrong option, with its name
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2
 */
export function introspectionHandler<Client extends OAuthClient>(
  tokens: Tokens,
  options: IntrospectionOptions<Client>,
): Handler {
  checkTokens('introspectionHandler', tokens)
  checkOptions('introspectionHandler', options, introspectionRules)
  const { client: findClient, mayIntrospect = () => true, countsAsUse = true, onError } = options
  return answerErrors(introspect, { writeError: writeClientError }, onError)

  async function introspect(request: HttpRequest) {
    if (request.method !== 'POST') throw methodNotAllowed(['POST'])
    const form = await readForm(request)
    const client = await requireClient(request, form, findClient)
    const ip = readClientAddress(form)
    const token = await tokens.introspect(requireParameter(form, 'token'), {
      ip,
      mayKnow: (known) => mayIntrospect(client, known),
      countsAsUse,
      context: ip === null ? request.context : fromClient(ip, request),
    })
    return jsonResponse(200, token === null ? { active: false } : describeToken(token, options))
  }
}

/** Whoever presented the token, and not the resource server, is where an event of the token came from. */
function fromClient(ip: string, { context }: HttpRequest): ContextSource {
  return () => ({ ...(typeof context === 'function' ? context() : context), ip })
}

/** An empty parameter counts as left out (RFC 6749 §3.2). */
function readClientAddress(form: Form): string | null {
  const [address = '', ...others] = form('client_address')
  if (others.length === 0 && (address === '' || isAddress(address))) return address || null
  throw new Problem('invalid_request', 'client_address must be one IPv4 or IPv6 address, without a zone')
}

function isAudience(value: unknown): boolean {
  const audience: readonly unknown[] = Array.isArray(value) ? value : [value]
  return audience.length > 0 && audience.every((each) => typeof each === 'string' && each !== '')
}
