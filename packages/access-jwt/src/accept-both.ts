import { hasMethods } from '@tessera/core'
import { verifyNow } from '@tessera/http'
import type { Authenticator } from '@tessera/http'

/** How every JWT begins: the base64url of `{"`. No secret does, since no prefix holds an upper-case letter. */
const JWT_START = 'eyJ'

/**
 * Accepts tokens and access tokens alike. Their form shows which is which.
 *
 * @example app.use(authenticate(acceptBoth(tokens, accessTokens)))
 */
export function acceptBoth(tokens: Authenticator, accessTokens: Authenticator): Authenticator {
  for (const each of [tokens, accessTokens]) {
    if (!hasMethods(each, ['verify', 'permits'])) throw new TypeError('acceptBoth: give tokens and access tokens')
  }
  const isJwt = (credential: unknown) => typeof credential === 'string' && credential.startsWith(JWT_START)
  const forOf = (credential: unknown) => (isJwt(credential) ? accessTokens : tokens)
  const verify: Authenticator['verify'] = (...asked) => forOf(asked[0]).verify(...asked)
  const now = (...[credential, options]: Parameters<typeof verify>) => verifyNow(forOf(credential), credential, options)
  return {
    verify,
    verifyNow: Object.assign(now, { answersFor: verify }),
    permits: (token, requirements) => tokens.permits(token, requirements),
    noteRefusal: (...refusal) => tokens.noteRefusal?.(...refusal),
    ...(tokens.watch && { watch: tokens.watch.bind(tokens) }),
  }
}
