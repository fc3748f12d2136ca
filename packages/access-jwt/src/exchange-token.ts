import { randomUUID } from 'node:crypto'
import { checkOwnNames, endsAt, isFunction, isScope, shardOf } from '@tessera/core'
import type { ContextSource, Names, Token, Tokens } from '@tessera/core'
import { normalizeUrl } from '@tessera/http'
import { SignJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { ExchangeError } from './errors.ts'
import type { LoadedKey } from './keys/access-key.ts'
import type { KeyRing } from './keys/key-ring.ts'
import { hasLowS, twinOf } from './keys/low-s.ts'
import { claimsOf } from './verify/access-token.ts'
import type { AccessToken } from './verify/access-token.ts'
import { isCompactForm } from './verify/compact-form.ts'

export interface ExchangeRequest {
  /** The scopes of the access token. Default: all scopes of the token. */
  readonly scopes?: readonly string[] | undefined
  /** The API of the access token. Default: the option `audience`. */
  readonly audience?: string | undefined
  /** The same API by its URL, compared in normal form (RFC 3986 §6.2.2). Default left out. */
  readonly resource?: string | undefined
  /** Whoever asked for it, in the app's own words, for the event `exchanged`. Default nobody said. */
  readonly by?: string | null | undefined
  /** The request, for the events. */
  readonly context?: ContextSource | undefined
}

const NAMES: Names<ExchangeRequest> = {
  scopes: true,
  audience: true,
  resource: true,
  by: true,
  context: { names: { ip: true, requestId: true }, or: isFunction },
}

/** An access token, and its claims. Like a secret, the `jwt` is shown only here. */
export interface Exchanged {
  readonly jwt: string
  readonly token: AccessToken
}

export interface ExchangeSettings {
  readonly tokens: Pick<Tokens, 'verify' | 'missingScopes' | 'reportExchange'>
  readonly issuer: string
  /** The possible audiences of access tokens; the first is the default. */
  readonly audiences: readonly [string, ...string[]]
  readonly ring: KeyRing
  readonly lifetimeMs: number
  readonly now: () => number
}

/** `exchange` of `AccessTokens`. */
export async function exchangeToken(
  settings: ExchangeSettings,
  secret: string,
  request: ExchangeRequest,
): Promise<Exchanged> {
  checkOwnNames('exchange', request, NAMES)
  const { scopes, by, context, ...target } = request
  const { tokens, issuer, audiences, ring, lifetimeMs, now } = settings
  const audience = audienceOf(target, audiences)
  const verification = await tokens.verify(secret, { context })
  if (!verification.ok) throw notValid()
  const parent = verification.token
  const at = now()
  const expiresAt = wholeSecond(Math.min(at + lifetimeMs, endsAt(parent)?.getTime() ?? Number.POSITIVE_INFINITY))
  if (expiresAt.getTime() <= at) throw notValid()
  const token: AccessToken = {
    id: randomUUID(),
    owner: parent.owner,
    clientId: parent.id,
    audience,
    scopes: granted(parent, scopes, tokens),
    issuedAt: wholeSecond(at),
    expiresAt,
    parent: { id: parent.id, shard: shardOf(parent.owner) },
  }
  const jwt = await sign(claimsOf(token, issuer), ring.current(at))
  if (!isCompactForm(jwt)) throw new ExchangeError('invalid_scope', 'The scopes are too many for one access token.')
  const { id: accessTokenId, scopes: narrowed, expiresAt: until } = token
  tokens.reportExchange(parent, { accessTokenId, scopes: narrowed, audience, until, by, context })
  return { jwt, token }
}

function audienceOf(
  { audience, resource }: Pick<ExchangeRequest, 'audience' | 'resource'>,
  audiences: ExchangeSettings['audiences'],
): string {
  const meets = (each: string) =>
    (audience === undefined || each === audience) &&
    (resource === undefined || normalizeUrl(each) === normalizeUrl(resource))
  const found = audiences.find(meets)
  if (found === undefined) throw new ExchangeError('invalid_target', 'No access tokens are issued for it.')
  return found
}

/** Of two ES256 signatures as good as each other the one that verifiers accept. */
async function sign(claims: JWTPayload, { published: { alg, kid }, privateKey }: LoadedKey): Promise<string> {
  const jwt = await new SignJWT(claims).setProtectedHeader({ alg, typ: 'at+jwt', kid }).sign(privateKey)
  const start = jwt.lastIndexOf('.') + 1
  const signature = jwt.slice(start)
  return alg === 'ES256' && !hasLowS(signature) ? jwt.slice(0, start) + twinOf(signature) : jwt
}

function granted(
  { scopes: own }: Token,
  asked: readonly string[] | undefined,
  tokens: ExchangeSettings['tokens'],
): readonly string[] {
  if (asked !== undefined && !Array.isArray(asked))
    throw new TypeError('exchange: option "scopes" must be a list of scopes')
  const scopes = [...new Set(asked ?? own)]
  if (scopes.every((scope) => isScope(scope)) && tokens.missingScopes(own, scopes).length === 0) return scopes
  throw new ExchangeError('invalid_scope', 'A scope is malformed, or the token does not hold it.')
}

/** One answer for every unusable token, so it reveals nothing. */
function notValid(): ExchangeError {
  return new ExchangeError('invalid_request', 'The token to exchange is not valid.')
}

function wholeSecond(instant: number): Date {
  return new Date(Math.floor(instant / 1_000) * 1_000)
}
