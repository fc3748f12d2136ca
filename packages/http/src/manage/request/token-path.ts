import type { Tokens } from '@tessera/core'
import type { Dialect } from '../../dialects/dialect.ts'
import type { Caller } from '../../message/caller.ts'
import { Problem } from '../../message/problem.ts'
import { decodeSegment } from '../../translate/decode-segment.ts'

const ACTIONS = ['rotate', 'suspend', 'resume'] as const

/** The target of a path below the mount point: the tokens, one of them, or a verb of one. */
export interface TokenPath {
  readonly place: 'collection' | 'item' | 'usage' | 'revoke-all' | (typeof ACTIONS)[number]
  /** `null` for the tokens themselves. */
  readonly id: string | null
}

/** `null` for an unknown path. In a dialect with words for it, `/usage` and `/revoke-all` are no tokens. */
export function readTokenPath(
  path: string,
  { writeUsage, writeRevokedAll }: Pick<Dialect, 'writeUsage' | 'writeRevokedAll'> = {},
): TokenPath | null {
  const [before, segment = '', last, ...deeper] = path.replace(/\/$/, '').split('/', 4)
  if (before !== '' || deeper.length > 0) return null
  if (last === undefined) {
    if (segment === '') return { place: 'collection', id: null }
    const id = decodeSegment(segment)
    if (id === 'usage' && writeUsage !== undefined) return { place: id, id: null }
    if (id === 'revoke-all' && writeRevokedAll !== undefined) return { place: id, id: null }
    return { place: 'item', id }
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
