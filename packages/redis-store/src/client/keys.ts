import { shardOf } from '@tessera/core'
import { escapeText } from '../text/compact-text.ts'
import { packDigest } from '../text/packed-digest.ts'
import type { Argument } from './client.ts'

/** No prefix has one. */
const SLOT_TAG = /\{[^}]*\}/

/** The names of the keys under one prefix. */
export interface Keys {
  /** Names the layout of the other keys. */
  readonly layout: string
  /** The change feed's newest revision, and its log. */
  readonly feed: { readonly revision: string; readonly log: string }
  /** The time of the last pruning by a schedule. */
  readonly pruned: string
  /** The start of the keys of a shard's records. The packed digest follows. */
  stem(shard: string): string
  ofDigest(digest: string, shard: string): Buffer
  ofOwner(owner: string): OwnerKeys
  /** The key that a primary writes to prove its lead, in the slot of another key. */
  leadOf(key: Argument): string
  /** The glob pattern of the keys with something to prune. */
  readonly prunable: string
  /** The owner's keys for a key matched by `prunable`, and the kind of that key. */
  parse(prunable: string): { readonly keys: OwnerKeys; readonly index: 'ends' | 'expiries' }
}

/** All keys of one owner have one hash tag, and with it one node: the owner's shard. */
export interface OwnerKeys {
  readonly stem: string
  /** ZSET: ids by `createdAt`. */
  readonly created: string
  /** HASH: packed digests by the hash of the id. */
  readonly digests: string
  /**
   * ZSET: hashes of ids by the instant of the token's end; negative for a revoked or rotated token, which no longer
   * counts.
   */
  readonly ends: string
  /** HASH: the answers to idempotent requests, by the hash of the idempotency key. */
  readonly requests: string
  /** ZSET: hashes of idempotency keys by expiry. */
  readonly expiries: string
}

export function keysUnder(prefix: string): Keys {
  const stem = (shard: string) => `${prefix}{${shard}}`
  const siblings = (shard: string, owner: string) => ({
    stem: stem(shard),
    created: `${prefix}c:{${shard}}:${owner}`,
    digests: `${prefix}d:{${shard}}:${owner}`,
    ends: `${prefix}e:{${shard}}:${owner}`,
    requests: `${prefix}i:{${shard}}:${owner}`,
    expiries: `${prefix}x:{${shard}}:${owner}`,
  })
  return {
    layout: `${prefix}layout`,
    pruned: `${prefix}pruned`,
    feed: { revision: `${prefix}revision:{feed}`, log: `${prefix}changes:{feed}` },
    stem,
    ofDigest: (digest, shard) => packDigest(digest, stem(shard)),
    ofOwner: (owner) => siblings(shardOf(owner), escapeText(owner)),
    leadOf: (key) => `${prefix}lead:${SLOT_TAG.exec(String(key))?.[0] ?? ''}`,
    prunable: `${prefix}[ex]:{??}:*`,
    parse(prunable) {
      const name = prunable.slice(prefix.length)
      return { keys: siblings(name.slice(3, 5), name.slice(7)), index: name.startsWith('x') ? 'expiries' : 'ends' }
    },
  }
}
