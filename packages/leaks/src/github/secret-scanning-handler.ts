import { createHash, verify } from 'node:crypto'
import { StoreError, TokenError, callHook, checkOptions, clockRule, hasMethods, isFunction, warn } from '@tessera/core'
import type { Token } from '@tessera/core'
import {
  Problem,
  answerErrors,
  isTamperProof,
  jsonResponse,
  methodNotAllowed,
  readSignedBody,
  writeOAuthError,
} from '@tessera/http'
import type { Handler, HttpRequest, HttpResponse, OnError } from '@tessera/http'
import { maskSecrets } from '../find/mask-secrets.ts'
import { endLeaked } from './end-leaked.ts'
import type { EndingTokens } from './end-leaked.ts'
import { readMatches } from './read-matches.ts'
import type { LeakMatch } from './read-matches.ts'
import { createSigningKeys } from './signing-keys.ts'

/** A token that GitHub found, by now ended. */
export interface LeakedToken extends Pick<LeakMatch, 'type' | 'url' | 'source'> {
  readonly token: Token
  /** The ids of the tokens that ended with it. */
  readonly ended: readonly string[]
}

export interface SecretScanningOptions {
  /** GitHub's list of public keys. Default `https://api.github.com/meta/public_keys/secret_scanning`. */
  readonly keysUrl?: string
  /** Fetches that list: through a proxy, or with credentials for a higher rate limit. Default the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** How an answer names a secret: by its SHA-256 in hexadecimal, or in clear. Default `hash`. */
  readonly answerWith?: 'hash' | 'raw'
  /**
   * Called with each place of a leaked token, after it ended: to notify its owner. A secret in the URL is masked. It is
   * called also if another token could not be ended, and again if GitHub repeats a request.
   */
  readonly onLeak?: (leaked: LeakedToken) => unknown
  /** Called with each failure of the store or of the keys, answered with 503, and of `onLeak`. Default: a process warning. */
  readonly onError?: OnError
  /** The clock for the age of the keys, in epoch milliseconds. Default `() => Date.now()`. */
  readonly now?: () => number
}

const KEYS_URL = 'https://api.github.com/meta/public_keys/secret_scanning'

/**
 * The endpoint for GitHub's secret scanning: `POST` with up to about 300 matches. Each secret of a token ends as leaked,
 * with its whole line and all its issued tokens. The answer labels each match: `true_positive` for a token's secret, ended
 * earlier or not, `false_positive` for any other text.
 *
 * - The signature is over the body, without a time. A repeated request is harmless: it ends what is ended.
 * - 403 for a wrong signature or an unknown key, 503 if the store or the list of keys does not answer. The other secrets
 *   end nevertheless.
 * - Mount it before any body parser of the app.
 *
 * @param tokens The tokens of one API, or of several.
 * @throws TypeError for an unknown or wrong option, with its name
 * @see https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partnership-program/secret-scanning-partner-program
 */
export function secretScanningHandler(
  tokens: EndingTokens | readonly EndingTokens[],
  options: SecretScanningOptions = {},
): Handler {
  const apis: readonly EndingTokens[] = [tokens].flat()
  if (apis.length === 0) throw new TypeError('secretScanningHandler: the first argument must hold tokens')
  if (!apis.every((each) => hasMethods(each, ['revokeSecret'])))
    throw new TypeError(
      'secretScanningHandler: the first argument must be what createTokens() returns, or a list of such',
    )
  check(options)
  const { answerWith = 'hash', onLeak, onError = warn, now = Date.now } = options
  const { keysUrl: url = KEYS_URL, fetch = globalThis.fetch } = options
  const reportKeys = (error: Error) => callHook('option "onError"', () => onError(error), warn)
  const findKey = createSigningKeys({ url, fetch, now, onFailure: reportKeys })
  return answerErrors(handle, { writeError: writeOAuthError }, onError)

  async function handle(request: HttpRequest): Promise<HttpResponse> {
    if (request.method !== 'POST') throw methodNotAllowed(['POST'])
    const matches = readMatches(await readVerified(request))
    const secrets = matches.map(({ token }) => token)
    const { ended, failures } = await endLeaked(apis, secrets, request.context)
    for (const { token: secret, type, url: place, source } of matches) {
      const { token, ended: others = [] } = ended.get(secret) ?? {}
      if (token === undefined || onLeak === undefined) continue
      const leaked = { token, ended: others, type, url: maskSecrets(place, null), source }
      callHook('option "onLeak"', () => onLeak(leaked), onError)
    }
    if (failures.length > 0) throw unfinished(failures)
    return jsonResponse(200, labels(matches, ended, answerWith))
  }

  /** Reports why a secret may be in use yet. A StoreError is reported with its answer, and one stands for all. */
  function unfinished(failures: readonly unknown[]): unknown {
    const other = failures.find((failure) => !(failure instanceof StoreError))
    if (!(other instanceof TokenError)) return other ?? failures[0]
    callHook('option "onError"', () => onError(other), warn)
    return (
      failures.find((failure) => failure instanceof StoreError) ??
      new Problem('unavailable', 'Not all could be ended now. Try again.', { headers: { 'Retry-After': '1' } })
    )
  }

  /** @throws Problem `forbidden` unless GitHub has signed the body */
  async function readVerified(request: HttpRequest): Promise<Uint8Array> {
    const identifier = headerOf(request, 'github-public-key-identifier', /^[\w-]{1,128}$/)
    const signature = headerOf(request, 'github-public-key-signature', /^[A-Za-z0-9+/]{1,150}={0,2}$/)
    const key = await findKey(identifier)
    if (key === null) throw notSigned()
    const body = await readSignedBody(request, 'application/json')
    if (!verify('sha256', body, key, Buffer.from(signature, 'base64'))) throw notSigned()
    return body
  }
}

function headerOf({ headers }: HttpRequest, name: string, form: RegExp): string {
  const [value = '', ...others] = headers[name] ?? []
  if (others.length > 0 || !form.test(value)) throw notSigned()
  return value
}

function notSigned(): Problem {
  return new Problem('forbidden', 'The request is not signed by GitHub.')
}

/** One label for each text and type. */
function labels(
  matches: readonly LeakMatch[],
  ended: ReadonlyMap<string, unknown>,
  answerWith: 'hash' | 'raw',
): readonly object[] {
  const distinct = new Map(matches.map((match) => [JSON.stringify([match.token, match.type]), match]))
  return [...distinct.values()].map(({ token, type }) => ({
    ...(answerWith === 'raw' ? { token_raw: token } : { token_hash: createHash('sha256').update(token).digest('hex') }),
    token_type: type,
    label: ended.has(token) ? 'true_positive' : 'false_positive',
  }))
}

function check(options: SecretScanningOptions): void {
  checkOptions('secretScanningHandler', options, {
    keysUrl: {
      right: 'an https URL (http on a loopback address only)',
      test: (value) => typeof value === 'string' && URL.canParse(value) && isTamperProof(new URL(value)),
    },
    fetch: { right: 'a function like fetch', test: isFunction },
    answerWith: { right: 'hash or raw', test: (value) => value === 'hash' || value === 'raw' },
    onLeak: { right: 'a function', test: isFunction },
    onError: { right: 'a function', test: isFunction },
    now: clockRule,
  })
}
