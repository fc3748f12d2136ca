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
  /** The change feed's newest revision, its log, and the length of a lease beside it. */
  readonly feed: { readonly revision: string; readonly log: string; readonly lease: string }
  /** The time of the last pruning by a schedule of the API of this prefix. */
  pruned(prefix: string): string
  /** The start of the keys of a shard's records. The packed digest follows. */
  stem(shard: string): string
  ofDigest(digest: string, shard: string): Buffer
  ofOwner(owner: string): OwnerKeys
  ofPrefix(owner: string, prefix: string): PrefixKeys
  /** The key that a primary writes to prove its lead, in the slot of another key. */
  leadOf(key: Argument): string
  /** The glob pattern of the `digests` of all owners. */
  readonly owners: string
  /** The `stem` beside the `digests` of an owner. */
  stemOf(digests: string): string
  /** The glob pattern of the keys with something to prune. */
  readonly prunable: string
  /** The keys of the owner and the prefix of a key matched by `prunable`, and the kind of that key. */
  parse(prunable: string): {
    readonly prefix: string
    readonly keys: PrefixKeys
    readonly index: 'ends' | 'expiries'
  }
}

/** All keys of one owner have one hash tag, and with it one node: the owner's shard. */
export interface OwnerKeys {
  readonly stem: string
  /** HASH: packed digests by the hash of the id. */
  readonly digests: string
}

/** The keys for an owner's tokens of one prefix, and the requests under idempotency keys of that prefix. */
export interface PrefixKeys extends OwnerKeys {
  /** ZSET: ids by `createdAt`. */
  readonly created: string
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
  const digestsOf = (shard: string, owner: string) => `${prefix}d:{${shard}}:${owner}`
  const siblings = (shard: string, tokens: string, owner: string): PrefixKeys => {
    const name = `:{${shard}}:${tokens}:${owner}`
    return {
      stem: stem(shard),
      digests: digestsOf(shard, owner),
      created: `${prefix}c${name}`,
      ends: `${prefix}e${name}`,
      requests: `${prefix}i${name}`,
      expiries: `${prefix}x${name}`,
    }
  }
  return {
    layout: `${prefix}layout`,
    pruned: (tokens) => `${prefix}pruned:${tokens}`,
    feed: { revision: `${prefix}revision:{feed}`, log: `${prefix}changes:{feed}`, lease: `${prefix}lease:{feed}` },
    stem,
    ofDigest: (digest, shard) => packDigest(digest, stem(shard)),
    ofOwner(owner) {
      const shard = shardOf(owner)
      return { stem: stem(shard), digests: digestsOf(shard, escapeText(owner)) }
    },
    ofPrefix: (owner, tokens) => siblings(shardOf(owner), tokens, escapeText(owner)),
    leadOf: (key) => `${prefix}lead:${SLOT_TAG.exec(String(key))?.[0] ?? ''}`,
    owners: `${prefix}d:{??}:*`,
    stemOf: (digests) => stem(digests.slice(prefix.length + 'd:{'.length).slice(0, 2)),
    prunable: `${prefix}[ex]:{??}:*`,
    parse(prunable) {
      const kind = prunable.charAt(prefix.length)
      const shard = prunable.slice(prefix.length + 'e:{'.length).slice(0, 2)
      const name = prunable.slice(prefix.length + 'e:{9G}:'.length)
      // No prefix has a colon.
      const colon = name.indexOf(':')
      const tokens = name.slice(0, colon)
      const keys = siblings(shard, tokens, name.slice(colon + 1))
      return { prefix: tokens, keys, index: kind === 'x' ? 'expiries' : 'ends' }
    },
  }
}
