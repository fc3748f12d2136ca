import { Problem } from './problem.ts'
import type { Tokens } from '@tessera/core'

/**
 * The id in a path below the mount point: `null` for `/`, the tokens themselves; `undefined` for a path that is neither
 * that nor one token's.
 */
export function tokenIdIn(path: string): string | null | undefined {
  const [before, segment = '', ...deeper] = path.replace(/\/$/, '').split('/', 4)
  if (before !== '' || deeper.length > 0) return undefined
  return segment === '' ? null : decode(segment)
}

/** @throws Problem `malformed_id`, which does not repeat what may be a secret */
export function requireId(path: string, tokens: Tokens): string {
  const id = tokenIdIn(path)
  if (typeof id !== 'string' || !tokens.isId(id)) throw new Problem('malformed_id', 'There is no such token.')
  return id
}

/** One answer for an id that nobody has and for another owner's. */
export function tokenNotFound(id: string): Problem {
  return new Problem('not_found', 'There is no such token.', { facts: { tokenId: id } })
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
