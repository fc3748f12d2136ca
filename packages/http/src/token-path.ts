import { Problem } from './problem.ts'
import type { Tokens } from '@tessera/core'

const ACTIONS = ['rotate', 'suspend', 'resume'] as const

/** What a path below the mount point leads to: the tokens, one of them, or what can be done to one. */
export interface TokenPath {
  readonly place: 'collection' | 'item' | (typeof ACTIONS)[number]
  /** `null` for the tokens themselves. */
  readonly id: string | null
}

/** `null` for a path that leads nowhere. */
export function readTokenPath(path: string): TokenPath | null {
  const [before, segment = '', last, ...deeper] = path.replace(/\/$/, '').split('/', 4)
  if (before !== '' || deeper.length > 0) return null
  if (last === undefined) {
    return segment === '' ? { place: 'collection', id: null } : { place: 'item', id: decode(segment) }
  }
  const place = ACTIONS.find((action) => action === last)
  return segment === '' || place === undefined ? null : { place, id: decode(segment) }
}

/** @throws Problem `malformed_id`, which does not repeat what may be a secret */
export function requireId(path: string, tokens: Tokens): string {
  const id = readTokenPath(path)?.id
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
