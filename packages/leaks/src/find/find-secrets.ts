import { isPrefix, parseSecret } from '@tessera/core'

/** A secret in a text, by its place. */
export interface FoundSecret {
  readonly secret: string
  readonly start: number
}

const TAIL = 48
const LONGEST_PREFIX = 32
/** Only where partition and checksum have their form: elsewhere 32 prefixes would be tried in vain. */
const PLACE = /_(?=[0-9A-Za-z]{40}(?:[0-9A-F][0-9A-Za-z]|G[0-9A-V])[0-4][0-9A-Za-z]{5})/g

/** How long a secret is at most. A text may be searched in pieces that overlap by this. */
export const LONGEST_SECRET: number = LONGEST_PREFIX + 1 + TAIL

/**
 * Finds secrets by their shape and checksum, in linear time. A number that looks like one is none.
 *
 * @param prefixes Those to look for; `null` for every prefix.
 */
export function findSecrets(text: string, prefixes: readonly string[] | null): readonly FoundSecret[] {
  const found: FoundSecret[] = []
  for (const { index } of text.matchAll(PLACE)) {
    const end = index + 1 + TAIL
    const start = startsAt(text, index, end, prefixes)
    if (start !== null) found.push({ secret: text.slice(start, end), start })
  }
  return found
}

function startsAt(text: string, underscore: number, end: number, prefixes: readonly string[] | null): number | null {
  const lengths = prefixes?.map(({ length }) => length) ?? Array.from({ length: LONGEST_PREFIX }, (_, at) => at + 1)
  for (const length of lengths) {
    const start = underscore - length
    if (start < 0) continue
    const prefix = text.slice(start, underscore)
    const isWanted = prefixes === null ? isPrefix(prefix) : prefixes.includes(prefix)
    if (isWanted && parseSecret(text.slice(start, end)) !== null) return start
  }
  return null
}
