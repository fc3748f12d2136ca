import { isUtf8 } from 'node:buffer'
import { prefixOfKey } from '@tessera/core'
import type { ActiveCount, Kept, Seen, TokenRecord, Wants } from '@tessera/core'
import type { Keys } from '../../client/keys.ts'
import { escapeText } from '../../text/compact-text.ts'
import { fieldOf } from '../../text/idempotency.ts'
import { readKept } from '../../text/kept-text.ts'
import { unpackDigest } from '../../text/packed-digest.ts'
import { readCarried, readRecord } from '../../text/record-text.ts'
import type { Carried } from '../../text/record-text.ts'
import { bytesIn, countIn, instantIn, listIn, textIn } from '../../text/reply.ts'
import { SHOW, SHOW_MORE } from '../../scripts/show.ts'
import type { Session } from '../../connection/session.ts'

/** The data shown to a step, and its bytes. */
export interface Shown {
  readonly seen: Seen
  /** By id; a wanted and missing token is `null`. */
  readonly tokens: ReadonlyMap<string, ShownToken | null>
  /** What is kept under the key, and its expiry; each empty for nothing. */
  readonly kept: string | Buffer
  readonly keptUntil: string
}

export interface ShownToken {
  readonly record: TokenRecord
  /** Names the record as it is in Redis: the SHA-1 of all its bytes. */
  readonly version: string
  readonly carried: Carried
}

const WORD = /^shown$/
/** The place of the first token in a reply with more than tokens, and the members of each token. */
const FIRST_OF_MORE = 6
const FACTS_OF_TOKEN = 3
const SHA1 = /^[0-9a-f]{40}$/

export async function showWanted(
  { keys, isCluster, run, clockToleranceMs }: Session,
  owner: string,
  wants: Wants,
): Promise<Shown> {
  const { stem, digests } = keys.ofOwner(owner)
  const { ids, key, keysAt, active: counted } = wants
  const isKeyed = key !== null || keysAt !== undefined
  // A step without tokens asks for the server's clock, at least.
  const wantsMore = ids.length === 0 || isKeyed || counted !== undefined
  const names = [digests]
  if (isKeyed) {
    const { requests, expiries } = keys.ofPrefix(owner, prefixOfKey(key ?? ''))
    names.push(requests, expiries)
  }
  if (counted !== undefined) names.push(...endsOf(keys, owner, counted))
  const more = [counted?.at ?? '', key === null ? '' : fieldOf(key), keysAt ?? '', clockToleranceMs]
  const args = [stem, isCluster, ...(wantsMore ? more : []), ...ids.map(escapeText)]
  const reply = listIn(await run(wantsMore ? SHOW_MORE : SHOW, names, args))
  textIn(reply[0], WORD)
  const first = wantsMore ? FIRST_OF_MORE : 1
  const [active = null, kept = null, expiresAt = null, count = null, latest] = reply.slice(1, first)
  const records = new Map<string, TokenRecord>()
  const tokens = new Map<string, ShownToken | null>()
  for (let at = first; at < reply.length; at += FACTS_OF_TOKEN) {
    const token = readToken(reply[at], reply[at + 1], reply[at + 2])
    records.set(token.record.id, token.record)
    tokens.set(token.record.id, token)
  }
  addMissing(tokens, ids)
  const keptUntil = expiresAt === null ? '' : textIn(expiresAt)
  return {
    seen: {
      records,
      kept: key === null || kept === null ? null : keptUnder(key, bytesIn(kept), expiresAt),
      active: counted === undefined ? null : countIn(active),
      keys: keysAt === undefined ? null : countIn(count),
      ...(wantsMore && { latest: instantIn(latest) }),
    },
    tokens,
    kept: kept === null ? '' : textOrBytes(bytesIn(kept)),
    keptUntil,
  }
}

/** The keys with the ends of all tokens that count. */
export function endsOf(keys: Keys, owner: string, { prefixes }: ActiveCount): readonly string[] {
  return prefixes.map((prefix) => keys.ofPrefix(owner, prefix).ends)
}

/** As a string if it is well-formed: commands with bytes take the client longer. */
function textOrBytes(bytes: Buffer): string | Buffer {
  return isUtf8(bytes) ? bytes.toString() : bytes
}

function readToken(digest: unknown, text: unknown, version: unknown): ShownToken {
  const bytes = bytesIn(text)
  return {
    record: readRecord(bytes, unpackDigest(bytesIn(digest))),
    version: textIn(version, SHA1),
    carried: readCarried(bytes),
  }
}

/** A key without an expiry counts as expired. */
function keptUnder(key: string, bytes: Buffer, expiresAt: unknown): Kept {
  return readKept(key, bytes, expiresAt === null ? 0 : instantIn(expiresAt))
}

/** Adds the wanted tokens and their neighbours, as far as links name them. */
function addMissing(tokens: Map<string, ShownToken | null>, ids: readonly string[]): void {
  for (const id of ids) {
    const record = tokens.get(id)?.record
    for (const near of [id, record?.rotatedTo, record?.rotatedFrom]) {
      if (near !== undefined && near !== null && !tokens.has(near)) tokens.set(near, null)
    }
  }
}
