import { preview } from './preview.ts'
import { generateSecret, shardOf } from './secret.ts'
import type { Settings } from './settings.ts'
import type { TokenRecord } from './token.ts'

/** What is unlike every other token's. */
export interface NewSecret {
  readonly secret: string
  readonly facts: Pick<TokenRecord, 'id' | 'digest' | 'preview'>
}

/** A secret for a new token of the owner, and what its record says of it. */
export function newSecret({ ids, prefix, digests }: Settings, owner: string, now: number): NewSecret {
  const id = ids.generate(now)
  if (!ids.matches(id)) throw new TypeError('createTokens: ids.matches does not accept what ids.generate made')
  const secret = generateSecret(prefix, shardOf(owner))
  return { secret, facts: { id, digest: digests.current(secret), preview: preview(secret) } }
}

/** What the app's `ids` did wrong when the store has the id that they made. */
export function idTaken(): Error {
  return new Error('createTokens: ids.generate returned an id that is in use')
}
