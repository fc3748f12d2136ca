import { checkOptions } from '@tessera/core'
import {
  errorResponse,
  jsonResponse,
  methodNotAllowed,
  normalizeUrl,
  optionRules,
  problemOf,
  readForm,
  writeOAuthError,
} from '@tessera/http'
import type { Form, Handler, HttpRequest, HttpResponse, OnError } from '@tessera/http'
import type { AccessTokens } from './access-tokens.ts'
import { ExchangeError } from './errors.ts'
import type { ExchangeRequest } from './exchange-token.ts'

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'

/**
 * `POST` with a token's secret as form field `subject_token`: answers with a signed access token. Holding the secret is
 * the proof; clients do not authenticate otherwise, and act for themselves only.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-2
 */
export function exchangeHandler(
  accessTokens: Pick<AccessTokens, 'exchange'>,
  options: { readonly onError?: OnError } = {},
): Handler {
  checkOptions('exchangeHandler', options, { onError: optionRules.onError })
  return async (request) => {
    try {
      return await exchange(accessTokens, request)
    } catch (error) {
      if (error instanceof ExchangeError) return refusal(error)
      return errorResponse(problemOf(error, options.onError), { writeError: writeOAuthError })
    }
  }
}

async function exchange(accessTokens: Pick<AccessTokens, 'exchange'>, request: HttpRequest): Promise<HttpResponse> {
  if (request.method !== 'POST') throw methodNotAllowed(['POST'])
  const form = await readForm(request)
  const { jwt, token } = await accessTokens.exchange(readSubject(form), {
    ...readRequest(form),
    context: request.context,
  })
  return jsonResponse(200, {
    access_token: jwt,
    issued_token_type: ACCESS_TOKEN,
    token_type: 'Bearer',
    expires_in: (token.expiresAt.getTime() - token.issuedAt.getTime()) / 1_000,
    ...(token.scopes.length > 0 && { scope: token.scopes.join(' ') }),
  })
}

function readSubject(form: Form): string {
  const grantType = readOne(form, 'grant_type')
  if (grantType === undefined) throw invalid('grant_type', 'given')
  if (grantType !== GRANT_TYPE) throw new ExchangeError('unsupported_grant_type', `grant_type must be ${GRANT_TYPE}`)
  if (readOne(form, 'subject_token_type') !== ACCESS_TOKEN) throw invalid('subject_token_type', ACCESS_TOKEN)
  if (form('actor_token').length > 0) throw invalid('actor_token', 'left out: nobody acts for another here')
  const secret = readOne(form, 'subject_token')
  if (secret === undefined) throw invalid('subject_token', 'given')
  return secret
}

function readRequest(form: Form): ExchangeRequest {
  const wanted = readOne(form, 'requested_token_type') ?? ACCESS_TOKEN
  if (wanted !== ACCESS_TOKEN && wanted !== JWT) throw invalid('requested_token_type', `${ACCESS_TOKEN} or ${JWT}`)
  const isGiven = (target: string) => target !== ''
  const [audience, ...otherAudiences] = new Set(form('audience').filter(isGiven))
  const [resource, ...otherResources] = new Set(form('resource').filter(isGiven).map(normalizeUrl))
  if (otherAudiences.length > 0 || otherResources.length > 0) {
    throw new ExchangeError('invalid_target', 'An access token is for one audience.')
  }
  return { audience, resource, scopes: readOne(form, 'scope')?.split(' ') }
}

/** An empty parameter counts as left out (RFC 6749 §3.2). */
function readOne(form: Form, name: string): string | undefined {
  const [value = '', ...others] = form(name)
  if (others.length > 0) throw invalid(name, 'given once')
  return value === '' ? undefined : value
}

function invalid(parameter: string, right: string): ExchangeError {
  return new ExchangeError('invalid_request', `${parameter} must be ${right}`)
}

function refusal({ code, message }: ExchangeError): HttpResponse {
  return jsonResponse(400, { error: code, error_description: message })
}
