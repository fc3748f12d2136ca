import { isUtf8 } from 'node:buffer'
import type { Kept, Seen, TokenRecord, Wants } from '@tessera/core'
import { escapeText } from '../../text/compact-text.ts'
import { fieldOf } from '../../text/idempotency.ts'
import { readKept } from '../../text/kept-text.ts'
import { unpackDigest } from '../../text/packed-digest.ts'
import { readCarried, readRecord } from '../../text/record-text.ts'
import type { Carried } from '../../text/record-text.ts'
import { bytesIn, countIn, groupsIn, instantIn, listIn, textIn } from '../../text/reply.ts'
import { SHOW } from '../../scripts/show.ts'
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
  /** Names the packed digest: its SHA-1, in hex. */
  readonly digestName: string
  /** As a string if it is well-formed: commands with bytes take the client far longer. */
  readonly text: string | Buffer
  readonly carried: Carried
}

const WORD = /^shown$/
const SHA1 = /^[0-9a-f]{40}$/

export async function showWanted(
  { keys, isCluster, run, clockToleranceMs }: Session,
  owner: string,
  wants: Wants,
): Promise<Shown> {
  const { stem, digests, ends, requests, expiries } = keys.ofOwner(owner)
  const names = wants.key === null && wants.keysAt === undefined ? [digests, ends] : [digests, ends, requests, expiries]
  const { ids, key, keysAt, activeAt } = wants
  const args = [
    stem,
    isCluster,
    activeAt ?? '',
    key === null ? '' : fieldOf(key),
    keysAt ?? '',
    clockToleranceMs,
    ...ids.map(escapeText),
  ]
  const reply = listIn(await run(SHOW, names, args))
  const [word, active, kept, expiresAt, count, latest, ...tokens] = reply
  textIn(word, WORD)
  const found = groupsIn(tokens, 3).map(readToken)
  const keptUntil = expiresAt === null ? '' : textIn(expiresAt)
  return {
    seen: {
      records: new Map(found.map(({ record }) => [record.id, record])),
      kept: key === null || kept === null ? null : keptUnder(key, bytesIn(kept), expiresAt),
      active: activeAt === undefined ? null : countIn(active),
      keys: keysAt === undefined ? null : countIn(count),
      latest: instantIn(latest),
    },
    tokens: withMissing(ids, found),
    kept: kept === null ? '' : textOrBytes(bytesIn(kept)),
    keptUntil,
  }
}

function textOrBytes(bytes: Buffer): string | Buffer {
  return isUtf8(bytes) ? bytes.toString() : bytes
}

function readToken([digest, name, text]: readonly unknown[]): ShownToken {
  const bytes = bytesIn(text)
  return {
    record: readRecord(bytes, unpackDigest(bytesIn(digest))),
    digestName: textIn(name, SHA1),
    text: textOrBytes(bytes),
    carried: readCarried(bytes),
  }
}

/** A key without an expiry counts as expired. */
function keptUnder(key: string, bytes: Buffer, expiresAt: unknown): Kept {
  return readKept(key, bytes, expiresAt === null ? 0 : instantIn(expiresAt))
}

/** The wanted tokens and their neighbours, as far as links name them. */
function withMissing(ids: readonly string[], found: readonly ShownToken[]): ReadonlyMap<string, ShownToken | null> {
  const tokens = new Map<string, ShownToken | null>(found.map((token) => [token.record.id, token]))
  for (const id of ids) {
    const { rotatedTo = null, rotatedFrom = null } = tokens.get(id)?.record ?? {}
    for (const near of [id, rotatedTo, rotatedFrom]) if (near !== null && !tokens.has(near)) tokens.set(near, null)
  }
  return tokens
}
