import { checkOptions, endsAt, isFunction } from '@tessera/core'
import type { OptionRule, Token, Tokens } from '@tessera/core'
import { checkTokens, optionRules } from '../bearer/option-rules.ts'
import { answerErrors } from '../dialects/answer-errors.ts'
import type { OnError } from '../dialects/answer-errors.ts'
import { jsonResponse } from '../message/message.ts'
import type { Handler, HttpRequest } from '../message/message.ts'
import { methodNotAllowed } from '../message/method-not-allowed.ts'
import type { JsonObject } from '../message/read-body.ts'
import { readForm, requireParameter } from '../message/read-form.ts'
import { urlRule } from '../message/url-rule.ts'
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
  issuer: urlRule,
  audience: { right: 'a text that is not empty, or a list of such', test: isAudience },
  onError: optionRules.onError,
}

/**
 * `POST` with a secret as form field `token`, by an authenticated client: the facts about an active token. Any other
 * token gets `{"active":false}` alone, so the answer reveals nothing. Introspection records no use.
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
  const { client: findClient, mayIntrospect = () => true, onError } = options
  return answerErrors(introspect, writeClientError, onError)

  async function introspect(request: HttpRequest) {
    if (request.method !== 'POST') throw methodNotAllowed(['POST'])
    const form = await readForm(request)
    const client = await requireClient(request, form, findClient)
    const token = await tokens.introspect(requireParameter(form, 'token'))
    const isShown = token !== null && (await mayIntrospect(client, token))
    return jsonResponse(200, isShown ? describe(token, options) : { active: false })
  }
}

// What is undefined is left out of the JSON.
function describe(token: Token, { issuer, audience }: Pick<IntrospectionOptions, 'issuer' | 'audience'>): JsonObject {
  const end = endsAt(token)
  return {
    active: true,
    scope: token.scopes.length > 0 ? token.scopes.join(' ') : undefined,
    username: token.createdBy ?? undefined,
    token_type: 'Bearer',
    exp: end === null ? undefined : inEpochSeconds(end),
    iat: inEpochSeconds(token.createdAt),
    sub: token.owner,
    aud: audience,
    iss: issuer,
    jti: token.id,
  }
}

/** Rounded down, so that nobody takes a token for longer than it lasts. */
function inEpochSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}

function isAudience(value: unknown): boolean {
  const audience: readonly unknown[] = Array.isArray(value) ? value : [value]
  return audience.length > 0 && audience.every((each) => typeof each === 'string' && each !== '')
}
