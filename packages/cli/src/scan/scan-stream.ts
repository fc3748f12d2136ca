import { LONGEST_SECRET, findSecrets } from './find-secrets.ts'

/** A secret and its place: a file of `git log -p`, of an archive, or of the disk. */
export interface Finding {
  readonly path: string
  /** From 1 on. */
  readonly line: number
  readonly secret: string
}

const COMMIT = /^commit ([0-9a-f]{7,64})/
const PATCHED = /^\+\+\+ (?:b\/)?(.+)$/
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
  let line = 1
  let commit = ''
  let file = ''
  let rest = ''
  /** How much of `rest` was searched before. */
  let searched = 0
  const place = () => (commit === '' ? path : `${path} ${commit} ${file}`.trim())
  const search = (text: string): Finding[] => {
    const findings = findSecrets(text, prefixes).filter(({ secret, start }) => start + secret.length > searched)
    searched = 0
    return findings.map(({ secret }) => ({ path: place(), line, secret }))
  }

  for await (const chunk of bytes) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1'))).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const [, hash] = COMMIT.exec(text) ?? []
      if (hash !== undefined) commit = hash.slice(0, 12)
      if (commit !== '') file = PATCHED.exec(text)?.[1] ?? file
      yield* search(text)
      line++
    }
    if (rest.length < LONGEST_LINE) continue
    yield* search(rest)
    rest = rest.slice(-LONGEST_SECRET)
    searched = rest.length
  }
  yield* search(rest)
}
