import { shardOf } from '@tessera/core'
import type { Argument } from './client.ts'
import { escapeText } from './compact-text.ts'
import { packDigest } from './packed-digest.ts'

/** No prefix has one. */
const SLOT_TAG = /\{[^}]*\}/

/** The names of the keys under one prefix. */
export interface Keys {
  /** Says which layout the other keys have. */
  readonly layout: string
  /** The change feed's newest revision, and its log. */
  readonly feed: { readonly revision: string; readonly log: string }
  /** When a schedule pruned last. */
  readonly pruned: string
  /** What the keys of a shard's records start with; the packed digest follows. */
  stem(shard: string): string
  ofDigest(digest: string, shard: string): Buffer
  ofOwner(owner: string): OwnerKeys
  /** What a primary writes to show that it leads: in the slot of another key. */
  leadOf(key: Argument): string
  /** The glob pattern of the owners' keys that hold something to prune. */
  readonly prunable: string
  /** The owner's keys that a key matched by `prunable` belongs to, and which of them it is. */
  parse(prunable: string): { readonly keys: OwnerKeys; readonly index: 'ends' | 'expiries' }
}

/** All keys of one owner have one hash tag, and with it one node: the owner's shard. */
export interface OwnerKeys {
  readonly stem: string
  /** ZSET: ids by `createdAt`. */
  readonly created: string
  /** HASH: packed digests by the hash of the id. */
  readonly digests: string
  /** ZSET: hashes of ids by the instant at which the token ends; negative once it was revoked or rotated, and counts no more. */
  readonly ends: string
  /** HASH: what idempotent requests were answered, by the hash of the idempotency key. */
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
