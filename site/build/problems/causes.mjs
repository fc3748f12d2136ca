/**
 * Why a code is answered or thrown, and what to do about it. `cure` begins with a verb.
 *
 * @typedef {{ readonly cause: string, readonly cure: string }} Remedy
 */

/** @type {Readonly<Record<import('@tessera/http').ProblemCode, Remedy>>} */
export const problems = {
  invalid_request: {
    cause:
      'The request as a whole cannot be read: it carries two credentials or two idempotency keys, or its body is no JSON object.',
    cure: 'Send one `Authorization` header, one `Idempotency-Key`, and one JSON object as the body. A proxy in between may add a second header.',
  },
  invalid_parameter: {
    cause: 'A parameter of the query or a field of the body is wrong, or unknown to this API.',
    cure: 'Correct the name in the answer. The message completes the sentence "… must be …".',
  },
  missing_parameter: {
    cause: 'A field that the operation needs is not in the body.',
    cure: 'Add the field that the answer names.',
  },
  malformed_reference: {
    cause: 'A parameter that names something, such as an account, has not the shape of such a name.',
    cure: 'Look whether two parameters were mixed up, or a text was cut off.',
  },
  unauthenticated: {
    cause: 'The request carries no credential, or one of another scheme than `Bearer`.',
    cure: 'Send `Authorization: Bearer` and the secret of a token. On a page for people, sign in.',
  },
  invalid_token: {
    cause:
      'The token is unknown, revoked, expired or suspended, or may not be used from this address. The answer is the same for all of these, and helps nobody to guess.',
    cure: 'Issue another token if yours has ended. Whoever runs the API finds the reason in its events, and with `tessera explain`.',
  },
  insufficient_scope: {
    cause: 'The token is valid, and lacks a scope: one for the route, or one to be granted.',
    cure: 'Use a token with the scopes that the challenge in `WWW-Authenticate` names. A token cannot give itself more scopes.',
  },
  forbidden: {
    cause:
      'A rule does not allow it to this caller: a rule of the app, the account in the path, the own end or networks of the token, or a change asked for by a page of another site.',
    cure: 'Ask with a token of that owner and of as long a life. For a front end on another origin, list that in `origins`.',
  },
  not_found: {
    cause:
      "There is no such token, or it is another owner's: the answers are the same. Or nothing is served at this path.",
    cure: 'List the tokens and take the id from there. A pruned token is gone for good.',
  },
  malformed_id: {
    cause:
      'The id in the path has not the shape of one. It is neither looked up nor repeated, since it may be a secret.',
    cure: 'Use the `id` of the token, not its secret or its preview. If it was a secret, revoke that token: it may stand in logs.',
  },
  method_not_allowed: {
    cause: 'The path is served, and not with this method.',
    cure: 'Use one of the methods in the header `Allow`.',
  },
  active_limit_reached: {
    cause:
      'The owner has as many active tokens as it may have. Suspended tokens count, expired and revoked ones do not.',
    cure: 'Revoke a token that nobody uses, then ask again. The app sets the limit by `activeLimit`.',
  },
  idempotency_conflict: {
    cause: 'The idempotency key was used in the last 24 hours with another request.',
    cure: 'Make a new key for each change, and send it again only with the same request.',
  },
  invalid_transition: {
    cause:
      'The status of the token does not allow the change: a revoked one is never resumed, an ended one is not edited.',
    cure: 'Read the token and decide again. If it has ended, issue another one.',
  },
  payload_too_large: {
    cause: 'The body is larger than 102,400 bytes.',
    cure: 'Send only the fields of the operation.',
  },
  unsupported_media_type: {
    cause: 'The body is of another media type than the operation reads, in another charset than UTF-8, or compressed.',
    cure: 'Send `Content-Type: application/json`, or a form to the OAuth endpoints, without a `Content-Encoding`.',
  },
  idempotency_limit_reached: {
    cause: 'The owner used 10,000 idempotency keys in the last 24 hours, as many as are kept.',
    cure: 'Send the change without a key, or later. A client that makes a key for each attempt gains nothing by keys: one for each change is right.',
  },
  internal: {
    cause:
      'The app answered a fault of its own in these words. The library itself leaves faults to the error handler of the app.',
    cure: 'Look into the logs of the API. If a message names an option, correct that option.',
  },
  unavailable: {
    cause: 'The store did not answer or did not confirm. A change may have been made or not.',
    cure: 'Ask again after `Retry-After`, a change under the same idempotency key. Do not throw the token away: nothing was said about it.',
  },
}

/** @type {Readonly<Record<import('@tessera/core').TokenErrorCode, Remedy>>} */
export const tokenErrors = {
  invalid_parameter: {
    cause: 'An argument is missing or wrong: `details.parameter`.',
    cure: 'Give what `details.right` says. It completes the sentence "… must be …".',
  },
  insufficient_scope: {
    cause:
      '`details.scopes` are beyond the `scopeCeiling` of whoever issues, or beyond the own scopes of the token with `narrowOnly`.',
    cure: 'Grant fewer scopes, or let somebody issue who holds them.',
  },
  forbidden: {
    cause: 'A rule of the app, such as `mayRevoke`, said no.',
    cure: 'Ask as somebody for whom the rule says yes.',
  },
  actor_refused: {
    cause:
      'The token that asks, the `actor`, was refused in the step of the change: `details.reason`. Nothing was changed.',
    cure: 'Answer as for a refused token. It was accepted before, and has ended or lost a scope since.',
  },
  beyond_ceiling: {
    cause:
      'A rotated token may be used from more networks than whoever rotates it, or ends later: `details.parameter`.',
    cure: 'Rotate it by a token or a person without that bound, or narrow the token first.',
  },
  token_not_found: {
    cause: "The id is unknown, or another owner's: the two are never told apart.",
    cure: 'Check owner and id. `findById` looks without an owner, for operators only.',
  },
  active_limit_reached: {
    cause: 'The owner has `details.active` active tokens of `details.limit`.',
    cure: 'Revoke one, or raise `activeLimit`. Retrying alone does not help.',
  },
  idempotency_conflict: {
    cause: 'The key was used with another request, of the same or another verb.',
    cure: 'Make one key for each change. Keys are kept for 24 hours.',
  },
  idempotency_limit_reached: {
    cause: 'The owner holds `details.limit` keys of the last 24 hours.',
    cure: 'Leave the key out, or wait. Look for a loop that makes a key for each attempt.',
  },
  invalid_transition: {
    cause:
      'The status of the token does not allow the change. After a rotation, `details.rotatedTo` is its successor: that one is suspended, has ended, or is of another caller.',
    cure: 'Read the token again, and go on with its successor if there is one.',
  },
  no_use_recorded: {
    cause: 'No use of any token of this owner was ever recorded. So nothing shows which are unused.',
    cure: 'Let the process that verifies call `close()` at its end, so that uses are written. Set `evenIfNoneWasUsed` if there really were none.',
  },
}

/** @type {Readonly<Record<import('@tessera/core').StoreErrorCode, Remedy>>} */
export const storeErrors = {
  store_unavailable: {
    cause: "The store did not answer in time, or did not confirm a change. The store's own error is the `cause`.",
    cure: 'Repeat the command: that is safe. Answer 503 meanwhile; the handlers do. Never take it for a refused token.',
  },
  clock_skew: {
    cause: "This process' clock runs too far ahead of the store's. Nothing was pruned, and nothing revoked as unused.",
    cure: 'Set the clock of the machine by NTP. The message names both instants.',
  },
  store_full: {
    cause: 'The store has no room: the memory of Redis, a disk, or the bound of a database file. Nothing was added.',
    cure: 'Make room: prune ended tokens, or give the store more. Verifications and revocations go on.',
  },
}

/** @type {Readonly<Record<import('@tessera/access-jwt').ExchangeErrorCode, Remedy>>} */
export const exchangeErrors = {
  invalid_request: {
    cause:
      'The request for an access token cannot be read, or the token to exchange is not valid. The answer is the same for every reason, and helps nobody to guess.',
    cure: 'Send one form with the `grant_type` of RFC 8693, and the secret of an active token as `subject_token`.',
  },
  invalid_scope: {
    cause: 'A scope is malformed, the token does not hold it, or the scopes are too many for one access token.',
    cure: 'Ask for scopes of the token, or leave `scope` out: then the access token has all of them.',
  },
  invalid_target: {
    cause: 'No access tokens are issued for this `audience` or `resource`, or several were given.',
    cure: 'Name one API of the options `audience` and `otherAudiences`, or leave both parameters out.',
  },
  unsupported_grant_type: {
    cause: 'The `grant_type` is another one than token exchange.',
    cure: 'Send `urn:ietf:params:oauth:grant-type:token-exchange`.',
  },
}
