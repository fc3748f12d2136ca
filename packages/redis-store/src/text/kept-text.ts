import type { Kept, KeptAnswer } from '@tessera/core'
import { escapeText, expandText } from './compact-text.ts'
import { readRecord, writeRecord } from './record-text.ts'

// No escaped text holds a tab.
const SEALED_MARK = '\t'

/**
 * The text kept under an idempotency key, without its expiry: the fingerprint, then the answer. The answer is a digest
 * and a record, or a count, or empty during a bulk revocation. A sealed secret stands after the fingerprint, behind a tab:
 * so no line is counted from another place.
 */
export function writeKept({ fingerprint, answer }: Pick<Kept, 'fingerprint' | 'answer'>): string {
  return [firstLineOf(fingerprint, answer), ...linesFor(answer)].join('\n')
}

/** @throws Error for any other text, which is not repeated */
export function readKept(key: string, bytes: Buffer, expiresAt: number): Kept {
  try {
    const end = lineEnd(bytes, 0)
    const [fingerprint = '', sealed] = bytes.toString('utf8', 0, end).split(SEALED_MARK)
    const answer = withSealed(answerIn(bytes.subarray(end)), sealed)
    return { key, expiresAt, fingerprint: expandText(fingerprint), answer }
  } catch {
    throw new Error('Redis keeps an answer that cannot be read: its text is corrupt')
  }
}

function firstLineOf(fingerprint: string, answer: KeptAnswer): string {
  const line = escapeText(fingerprint)
  if (answer === null || 'revoked' in answer || answer.sealed === undefined) return line
  return line + SEALED_MARK + escapeText(answer.sealed)
}

function withSealed(answer: KeptAnswer, sealed: string | undefined): KeptAnswer {
  if (sealed === undefined) return answer
  if (answer === null || 'revoked' in answer) throw new RangeError('a sealed secret has no token')
  return { ...answer, sealed: expandText(sealed) }
}

function linesFor(answer: KeptAnswer): readonly string[] {
  if (answer === null) return []
  if ('revoked' in answer) return [String(answer.revoked)]
  return [escapeText(answer.record.digest), writeRecord(answer.record)]
}

/** @param rest The text after the fingerprint, with the newline before it. */
function answerIn(rest: Buffer): KeptAnswer {
  if (rest.length === 0) return null
  const end = lineEnd(rest, 1)
  if (end === rest.length) return { revoked: countFrom(rest.toString('latin1', 1)) }
  return { record: readRecord(rest.subarray(end + 1), expandText(rest.toString('utf8', 1, end))) }
}

function lineEnd(bytes: Buffer, start: number): number {
  const end = bytes.indexOf('\n', start)
  return end === -1 ? bytes.length : end
}

function countFrom(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new RangeError('a count is wrong')
  return Number(text)
}
