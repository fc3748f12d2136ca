export const BLOCK = 512

export interface TarHeader {
  readonly path: string
  readonly size: number
  /** `L` and `x` hold the long name of the next file. */
  readonly kind: string
}

/**
 * Reads the header of a file, by its checksum.
 *
 * @returns `null` for any other block
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */
export function readTarHeader(block: Buffer): TarHeader | null {
  if (block.length < BLOCK || Number.parseInt(textIn(block, 148, 8).trim(), 8) !== sumOf(block)) return null
  // Only ustar has a folder there; GNU has times.
  const folder = block.toString('latin1', 257, 263) === 'ustar\0' ? textIn(block, 345, 155) : ''
  return {
    path: [folder, textIn(block, 0, 100)].filter((part) => part !== '').join('/'),
    size: sizeIn(block),
    kind: block.toString('latin1', 156, 157),
  }
}

/** The long name in the content of a header of GNU (`L`) or pax (`x`). */
export function longNameIn(kind: string, content: Buffer): string | undefined {
  if (kind === 'L') return content.toString('utf8').replace(/\0.*$/s, '')
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString('utf8'))?.[1]
}

function sumOf(block: Buffer): number {
  let sum = 8 * 32
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return sum
}

/** Octal, or in base 256 from 8 GiB on. */
function sizeIn(block: Buffer): number {
  if (((block[124] ?? 0) & 0x80) === 0) return Number.parseInt(textIn(block, 124, 12), 8) || 0
  return Number(block.readBigUInt64BE(128))
}

function textIn(block: Buffer, at: number, length: number): string {
  return block.toString('utf8', at, at + length).replace(/\0.*$/s, '')
}
