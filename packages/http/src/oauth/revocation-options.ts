import { checkOptions, hasMethods, isBoolean, isFunction } from '@tessera/core'
import type { Token } from '@tessera/core'
import { optionRules } from '../bearer/option-rules.ts'
import type { OnError } from '../dialects/answer-errors.ts'
import { clientRule } from './require-client.ts'
import type { FindClient, OAuthClient } from './require-client.ts'

/** Knows the parents of signed access tokens. */
export interface SignedTokens {
  /** The parent of a live access token; `null` for any other text. */
  parentOf(text: string): Promise<Pick<Token, 'owner' | 'id'> | null>
}

export interface RevocationOptions<Client extends OAuthClient = OAuthClient> {
  /**
   * Finds the client of these credentials. With it only clients may revoke, and events name the client's `id` as `by`.
   * Default: anybody with the secret may revoke.
   */
  readonly client?: FindClient<Client>
  /**
   * Whether this client may revoke this token; otherwise it is answered with 400 `unauthorized_client`. Needs `client`.
   * Default: every client every token.
   */
  readonly mayRevoke?: (client: Client, token: Token) => boolean | Promise<boolean>
  /**
   * The signed access tokens derived from these tokens, such as `createAccessTokens` of `@tessera/access-jwt` makes.
   * Default none: they are answered with 200 like any text from elsewhere, and stay accepted.
   */
  readonly accessTokens?: SignedTokens
  /**
   * Lets whoever holds a live signed access token revoke its parent with it, and so everything derived from that. Needs
   * `accessTokens`. Default false: the answer is 400 `unsupported_token_type`, since signed tokens end with their parent
   * only.
   */
  readonly revokesParent?: boolean
  /** Called with every store failure answered with 503. Default: a process warning. */
  readonly onError?: OnError
}

/** @throws TypeError for an unknown, wrong or contradictory option, with its name */
export function checkRevocation<Client extends OAuthClient>(factory: string, options: RevocationOptions<Client>): void {
  checkOptions(factory, options, {
    client: clientRule,
    mayRevoke: { right: 'a function of the client and the token', test: isFunction },
    accessTokens: { right: 'what createAccessTokens() returns', test: (value) => hasMethods(value, ['parentOf']) },
    revokesParent: { right: 'a boolean', test: isBoolean },
    onError: optionRules.onError,
  })
  const { client, mayRevoke, accessTokens, revokesParent } = options
  if (mayRevoke !== undefined && client === undefined) {
    throw new TypeError(`${factory}: option "mayRevoke" needs option "client"`)
  }
  if (revokesParent === true && accessTokens === undefined) {
    throw new TypeError(`${factory}: option "revokesParent" needs option "accessTokens"`)
  }
}
