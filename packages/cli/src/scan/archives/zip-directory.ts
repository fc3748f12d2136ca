/** The directory of a zip archive: its place, and how many files it names. */
export interface ZipDirectory {
  readonly at: number
  readonly count: number
  /** The bytes before the archive, as of a program that unpacks itself. */
  readonly shift: number
}

const END = Buffer.from('PK\u0005\u0006', 'latin1')
const END_LENGTH = 22

/**
 * Finds the directory. A comment may hold the mark of the end: only an end whose directory is there counts.
 *
 * @throws Error for a cut archive, and for zip64
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3.16
 */
export function findDirectory(archive: Buffer): ZipDirectory {
  for (let end = archive.lastIndexOf(END); end !== -1; end = end === 0 ? -1 : archive.lastIndexOf(END, end - 1)) {
    if (end + END_LENGTH > archive.length) continue
    const [count, size, offset] = [
      archive.readUInt16LE(end + 10),
      archive.readUInt32LE(end + 12),
      archive.readUInt32LE(end + 16),
    ]
    if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) throw new Error('zip64 is not supported')
    const at = end - size
    const isThere = at >= offset && (count === 0 ? size === 0 : archive.readUInt32LE(at) === 0x02014b50)
    if (isThere) return { at, count, shift: at - offset }
  }
  throw new Error('no zip archive, or a cut one')
}
