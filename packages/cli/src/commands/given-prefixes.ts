import { isPrefix } from '@tessera/core'
import { usage } from '../terminal/exit-codes.ts'
import type { Options } from './command.ts'

/**
 * The values of `--find-prefix`; none if it was not given.
 *
 * @throws Exit for the start of no secret
 */
export function givenPrefixes(options: Options): readonly string[] {
  const prefixes = options.list('findPrefix')
  if (!prefixes.every(isPrefix)) throw usage('--find-prefix must be the start of secrets, such as acme_pat')
  return prefixes
}
