import { LONGEST_SECRET, findSecrets } from '@tessera/leaks'
import { patchPlace } from './patch-place.ts'

/** A secret and its place: a file of `git log -p`, of an archive, or of the disk. */
export interface Finding {
  readonly path: string
  /** From 1 on; `null` for the name itself. */
  readonly line: number | null
  readonly secret: string
}

const LONGEST_LINE = 1_000_000

/**
 * Searches a stream line by line, in bounded memory. In the output of `git log -p`, a place names the commit and the file.
 *
 * @param bytes Of any encoding with ASCII in it.
 */
export async function* scanStream(
  path: string,
  bytes: AsyncIterable<Uint8Array | string>,
  prefixes: readonly string[] | null,
): AsyncGenerator<Finding> {
  const place = patchPlace()
  let line = 1
  /** The pieces of a line without an end so far. Joined once: a long line may come in many. */
  let pieces: string[] = []
  let length = 0
  /** How much of the line was searched before. */
  let searched = 0
  const keep = (text: string) => {
    pieces.push(text)
    length += text.length
  }
  const search = (): readonly Finding[] => {
    const text = pieces.join('')
    place.read(text)
    const findings = findSecrets(text, prefixes).filter(({ secret, start }) => start + secret.length > searched)
    pieces = []
    length = searched = 0
    return findings.map(({ secret }) => ({ path: `${path} ${place.text}`.trim(), line, secret }))
  }

  for await (const chunk of bytes) {
    const [first = '', ...lines] = textOf(chunk).split('\n')
    keep(first)
    for (const text of lines) {
      yield* search()
      line++
      keep(text)
    }
    if (length < LONGEST_LINE) continue
    const end = pieces.join('').slice(-LONGEST_SECRET)
    yield* search()
    keep(end)
    searched = end.length
  }
  yield* search()
}

function textOf(chunk: Uint8Array | string): string {
  return typeof chunk === 'string'
    ? chunk
    : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
}
