import { readTarHeader } from './tar-header.ts'

/** How bytes are to be read: by their first ones, for a name may lie. */
export type Kind = 'text' | 'gzip' | 'zip' | 'tar' | 'utf-16le' | 'utf-16be' | { readonly unsupported: string }

/** How many bytes tell the kind. */
export const HEAD = 512

const MARKS: readonly (readonly [mark: string, kind: Kind])[] = [
  ['1f8b', 'gzip'],
  ['504b0304', 'zip'],
  ['504b0506', 'zip'],
  ['fffe0000', { unsupported: 'UTF-32' }],
  ['0000feff', { unsupported: 'UTF-32' }],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
  ['fd377a585a00', { unsupported: 'xz' }],
  ['28b52ffd', { unsupported: 'zstd' }],
  ['04224d18', { unsupported: 'lz4' }],
  ['377abcaf271c', { unsupported: '7z' }],
  ['526172211a07', { unsupported: 'rar' }],
]
const BZIP2 = /^425a683[1-9](?:314159265359|177245385090)/

export function kindOf(head: Buffer): Kind {
  const start = head.toString('hex', 0, 10)
  const [, kind] = MARKS.find(([mark]) => start.startsWith(mark)) ?? []
  if (kind !== undefined) return kind
  if (BZIP2.test(start)) return { unsupported: 'bzip2' }
  return readTarHeader(head.subarray(0, HEAD)) === null ? 'text' : 'tar'
}

const NAMED: readonly (readonly [RegExp, string])[] = [
  [/\.(?:zip|jar|war|whl|vsix|docx)$/i, 'zip'],
  [/\.t?gz$/i, 'gzip'],
  [/\.tar$/i, 'tar'],
]

/** The archive that the name promises, as `zip`. */
export function promisedBy(path: string): string | undefined {
  return NAMED.find(([pattern]) => pattern.test(path))?.[1]
}
