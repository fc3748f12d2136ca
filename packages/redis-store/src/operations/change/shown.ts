import { isUtf8 } from 'node:buffer'
import { prefixOfKey } from '@tessera/core'
import type { Kept, Seen, TokenRecord, Wanted } from '@tessera/core'
import type { Keys } from '../../client/keys.ts'
import { escapeText } from '../../text/compact-text.ts'
import { fieldOf } from '../../text/idempotency.ts'
import { readKept } from '../../text/kept-text.ts'
import { unpackDigest } from '../../text/packed-digest.ts'
import { readWritten } from '../../text/record-text.ts'
import type { WrittenRecord } from '../../text/record-text.ts'
import { bytesIn, countIn, instantIn, listIn, textIn } from '../../text/reply.ts'
import { SHOW, SHOW_MORE } from '../../scripts/show.ts'
import type { Session } from '../../connection/session.ts'

/** The data shown to steps, and its bytes. */
export interface Shown {
  readonly owner: string
  readonly wanted: Wanted
  readonly seen: Seen
  /** How many tokens are active, by the instants asked for. `seen` has the first of them. */
  readonly counts: ReadonlyMap<number, number>
  /** By id; a wanted and missing token is `null`. */
  readonly tokens: ReadonlyMap<string, ShownToken | null>
  /** What is kept under the key, and its expiry; each empty for nothing. */
  readonly kept: string | Buffer
  readonly keptUntil: string
}

export interface ShownToken extends WrittenRecord {
  /** Names the record as it is in Redis: the SHA-1 of all its bytes. */
  readonly version: string
}

const WORD = /^shown$/
/** The place of the first token in a reply with more than tokens, and the members of each token. */
const FIRST_OF_MORE = 6
const FACTS_OF_TOKEN = 3
const SHA1 = /^[0-9a-f]{40}$/
const NO_COUNTS: Shown['counts'] = new Map()

export function showWanted(session: Session, owner: string, wanted: Wanted): Promise<Shown> {
  const { ids, key, keysAt, instants } = wanted
  // A step without tokens asks for the server's clock, at least.
  const wantsMore = ids.length === 0 || key !== null || keysAt.length > 0 || instants.length > 0
  return wantsMore ? showMore(session, owner, wanted) : showTokens(session, owner, wanted)
}

async function showTokens({ keys, isCluster, run }: Session, owner: string, wanted: Wanted): Promise<Shown> {
  const { stem, digests } = keys.ofOwner(owner)
  const reply = listIn(await run(SHOW, [digests], [stem, isCluster, ...wanted.ids.map(escapeText)]))
  textIn(reply[0], WORD)
  const tokens = tokensIn(reply, 1, wanted.ids)
  const seen = { records: recordsOf(tokens), kept: null, active: null, keys: null }
  return { owner, wanted, seen, counts: NO_COUNTS, tokens, kept: '', keptUntil: '' }
}

async function showMore(
  { keys, isCluster, run, clockToleranceMs }: Session,
  owner: string,
  wanted: Wanted,
): Promise<Shown> {
  const { stem, digests } = keys.ofOwner(owner)
  const { ids, key, instants } = wanted
  // Steps with a key are by themselves.
  const [keysAt] = wanted.keysAt
  const names = [digests]
  if (key !== null || keysAt !== undefined) {
    const { requests, expiries } = keys.ofPrefix(owner, prefixOfKey(key ?? ''))
    names.push(requests, expiries)
  }
  names.push(...endsOf(keys, owner, wanted))
  const more = [instants.join(' '), key === null ? '' : fieldOf(key), keysAt ?? '', clockToleranceMs]
  const reply = listIn(await run(SHOW_MORE, names, [stem, isCluster, ...more, ...ids.map(escapeText)]))
  textIn(reply[0], WORD)
  const [active, kept = null, expiresAt = null, keysCount = null, latest] = reply.slice(1, FIRST_OF_MORE)
  const counts = listIn(active, instants.length).map(countIn)
  const tokens = tokensIn(reply, FIRST_OF_MORE, ids)
  return {
    owner,
    wanted,
    seen: {
      records: recordsOf(tokens),
      kept: key === null || kept === null ? null : keptUnder(key, bytesIn(kept), expiresAt),
      active: counts[0] ?? null,
      keys: keysAt === undefined ? null : countIn(keysCount),
      latest: instantIn(latest),
    },
    counts: new Map(counts.map((count, index) => [instants[index] ?? 0, count])),
    tokens,
    kept: kept === null ? '' : textOrBytes(bytesIn(kept)),
    keptUntil: expiresAt === null ? '' : textIn(expiresAt),
  }
}

/** The keys with the ends of all tokens that count. */
export function endsOf(keys: Keys, owner: string, { prefixes }: Wanted): readonly string[] {
  return prefixes.map((prefix) => keys.ofPrefix(owner, prefix).ends)
}

/** The tokens of a reply from a place on, then the wanted ones that are missing. */
function tokensIn(reply: readonly unknown[], first: number, ids: readonly string[]): Shown['tokens'] {
  const tokens = new Map<string, ShownToken | null>()
  for (let at = first; at < reply.length; at += FACTS_OF_TOKEN) {
    const token = readToken(reply[at], reply[at + 1], reply[at + 2])
    tokens.set(token.record.id, token)
  }
  addMissing(tokens, ids)
  return tokens
}

function recordsOf(tokens: Shown['tokens']): Seen['records'] {
  const records = new Map<string, TokenRecord>()
  for (const [id, token] of tokens) if (token !== null) records.set(id, token.record)
  return records
}

/** As a string if it is well-formed: commands with bytes take the client longer. */
function textOrBytes(bytes: Buffer): string | Buffer {
  return isUtf8(bytes) ? bytes.toString() : bytes
}

function readToken(digest: unknown, text: unknown, version: unknown): ShownToken {
  return { ...readWritten(bytesIn(text), unpackDigest(bytesIn(digest))), version: textIn(version, SHA1) }
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
