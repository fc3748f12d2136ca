import type { Settings } from '../setup/settings.ts'
import { preview } from '../token/secret/preview.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'
import type { TokenRecord } from '../token/token.ts'

/** The parts unique to each token. */
export interface NewSecret {
  readonly secret: string
  readonly facts: Pick<TokenRecord, 'id' | 'digest' | 'prefix' | 'preview'>
}

/** A secret for a new token of the owner, and its part of the record. */
export function newSecret({ ids, prefix, digests }: Settings, owner: string, now: number): NewSecret {
  const id = ids.generate(now)
  if (!ids.matches(id)) throw new TypeError('createTokens: ids.matches does not accept what ids.generate made')
  const secret = generateSecret(prefix, shardOf(owner))
  return { secret, facts: { id, digest: digests.current(secret), prefix, preview: preview(secret) } }
}

/** The fault of the app's `ids`, if the store has an id made by them. */
export function idTaken(): Error {
  return new Error('createTokens: ids.generate returned an id that is in use')
}
