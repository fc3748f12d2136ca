import type { Tokens } from '@tessera/core'
import type { Caller } from '../../message/caller.ts'
import { Problem } from '../../message/problem.ts'
import { decodeSegment } from '../../translate/decode-segment.ts'

const ACTIONS = ['rotate', 'suspend', 'resume'] as const

/** The target of a path below the mount point: the tokens, one of them, or a verb of one. */
export interface TokenPath {
  readonly place: 'collection' | 'item' | (typeof ACTIONS)[number]
  /** `null` for the tokens themselves. */
  readonly id: string | null
}

/** `null` for an unknown path. */
export function readTokenPath(path: string): TokenPath | null {
  const [before, segment = '', last, ...deeper] = path.replace(/\/$/, '').split('/', 4)
  if (before !== '' || deeper.length > 0) return null
  if (last === undefined) {
    return segment === '' ? { place: 'collection', id: null } : { place: 'item', id: decodeSegment(segment) }
  }
  const place = ACTIONS.find((action) => action === last)
  return segment === '' || place === undefined ? null : { place, id: decodeSegment(segment) }
}

/** Stands for the calling token, which need not know its id. A person has none. */
const SELF = 'self'

/** @throws Problem `malformed_id`, without the text: it may be a secret */
export function requireId(path: string, tokens: Tokens, caller: Pick<Caller, 'id'>): string {
  const named = readTokenPath(path)?.id
  const id = named === SELF ? caller.id : named
  if (typeof id !== 'string' || !tokens.isId(id)) throw new Problem('malformed_id', 'There is no such token.')
  return id
}
