import { invalidParameter } from '../../token/errors.ts'
import { LINE, isLine } from '../../token/text.ts'

export interface CreatorOption {
  /**
   * Who gets the new secret, in the app's own words: `revokeAll` by this person ends it. Default, and for `null`, the
   * creator of the old token. It does not make another request of one under an idempotency key.
   */
  readonly createdBy?: string | null | undefined
}

/** @throws TokenError `invalid_parameter` */
export function creatorIn({ createdBy = null }: CreatorOption): { readonly createdBy?: string } {
  if (createdBy === null) return {}
  if (!isLine(createdBy)) throw invalidParameter('createdBy', LINE)
  return { createdBy }
}
