import { shardOf } from '@tessera/core'
import type { Decision, TokenRecord } from '@tessera/core'
import type { Session } from '../../connection/session.ts'
import { WRITE_ONE, WRITE_SUCCESSOR } from '../../scripts/write-one.ts'
import { escapeText } from '../../text/compact-text.ts'
import { endsAt } from '../../text/ends-at.ts'
import { packDigest } from '../../text/packed-digest.ts'
import type { Shown } from './shown.ts'
import { changesIn, feedKeys, indexesOf, movedEnd, shownToken, textToAdd, textToPut } from './written.ts'

/** The record that a decision puts, and the successor that it adds if there is one. */
export interface One {
  readonly record: TokenRecord
  readonly successor: TokenRecord | undefined
}

/** The one record that a decision puts if it does nothing else, and was shown nothing else. */
export function oneIn({ put = [], add = [], keep }: Decision<unknown>, { tokens, wanted }: Shown): One | null {
  const [[record], [successor]] = [put, add]
  const isLone = put.length === 1 && add.length <= 1 && keep === undefined && tokens.size === 1 + add.length
  if (record === undefined || !isLone || wanted.key !== null || wanted.instants.length > 0) return null
  if (tokens.get(record.id)?.record.digest !== record.digest) return null
  return successor === undefined || tokens.get(successor.id) === null ? { record, successor } : null
}

/** Writes a decision about one token with arguments of their own: to make and to read the JSON of others takes longer. */
export async function writeOne(
  session: Session,
  shown: Shown,
  decision: Decision<unknown>,
  { record, successor }: One,
  giveUpAt: () => number,
): Promise<unknown> {
  const { keys, isCluster, change, feedLimits, clocks } = session
  const { stem, digests } = keys.ofOwner(shown.owner)
  const former = shownToken(shown, record)
  const [end, ends] = movedEnd(session, record, former)
  const text = textToPut(session, record, former, decision)
  const names = [digests, ...feedKeys(session), ...indexesOf(session, shown, decision)]
  const args = [stem, isCluster, escapeText(record.id), former.version, text, end, ends, feedLimits()]
  const changes = changesIn(session, shown, decision)
  if (successor === undefined) return change(WRITE_ONE, names, [...args, ...changes])
  const added = keys.ofPrefix(successor.owner, successor.prefix)
  const span = await clocks.spanFor(shardOf(shown.owner), giveUpAt())
  const instants = [successor.createdAt, endsAt(successor), ...span].join(' ')
  const addArgs = [escapeText(successor.id), packDigest(successor.digest), textToAdd(successor, shown)]
  return change(WRITE_SUCCESSOR, names, [...args, ...addArgs, added.created, added.ends, instants, ...changes])
}
