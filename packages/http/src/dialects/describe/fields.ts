import type { Token } from '@tessera/core'
import type { ProblemFacts } from '../../message/problem.ts'
import type { Schema } from './description.ts'
import { choice, closed, count, instant, instantOrNull, list, text, textOrNull } from './schemas.ts'

type Shown =
  | 'id'
  | 'name'
  | 'preview'
  | 'owner'
  | 'scopes'
  | 'status'
  | 'createdAt'
  | 'createdBy'
  | 'updatedAt'
  | 'expiresAt'
  | 'lastUsedAt'
  | 'revokedAt'

/** The facts of a token by their names in `Token`, for dialects to show under names of their own. */
export const fields: Readonly<Record<Shown & keyof Token, Schema>> = {
  id: text('Names the token in paths. It is no secret, and authenticates nobody.'),
  name: text('What people call the token.', { minLength: 1 }),
  preview: text('The beginning and the end of the secret, to recognize it by, with 8 asterisks between them.'),
  owner: text('The account, workspace or organization of the token.'),
  scopes: list({ type: 'string' }, 'What the token may do.'),
  status: choice(
    ['active', 'suspended', 'expired', 'revoked'],
    'Whether the token is accepted: only an active one is. A suspended one can be resumed. The others have ended.',
  ),
  createdAt: instant('When the token was issued.'),
  createdBy: textOrNull('Who had the token issued, in the words of this API.'),
  updatedAt: instant('The last time that the token was edited, suspended, resumed, rotated or revoked.'),
  expiresAt: instantOrNull('From this instant on the token is refused; null if it never expires.'),
  lastUsedAt: instantOrNull('The last use of the token, recorded some time later; null if nobody used it.'),
  revokedAt: instantOrNull('When the token was revoked, for ever; null if it was not.'),
}

/** The facts of an error, for dialects that show them under their names. */
export const facts: Schema = closed(
  {
    parameter: text('The wrong or missing parameter or field.'),
    scopes: list({ type: 'string' }, 'The scopes that are lacking.'),
    limit: count('How many there may be.'),
    active: count('How many active tokens there are.'),
    rotatedTo: text('The id of the successor.'),
    tokenId: text('The id that was asked for.'),
  } satisfies Readonly<Record<Exclude<keyof ProblemFacts, 'errors'>, Schema>>,
  ['parameter', 'scopes', 'limit', 'active', 'rotatedTo', 'tokenId'],
)

export const message: Schema = text('The reason, for people. It may change.')

export const errorCode: Schema = text('The reason, for programs. It never changes.')
