import { Readable } from 'node:stream'
import { createGunzip, createInflateRaw } from 'node:zlib'

/** A file inside an archive. */
export interface Entry {
  readonly path: string
  readonly bytes: AsyncIterable<Uint8Array>
}

const BLOCK = 512

/** The content of a `.gz`. */
export function gunzip(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return Readable.from(bytes).pipe(createGunzip())
}

/**
 * The files of a tar archive, in its order. Each must be read before the next.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */
export async function* tarEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const source = blocksOf(bytes)
  for (;;) {
    const header = await source.read(BLOCK)
    if (header.length < BLOCK || header.every((byte) => byte === 0)) return
    const size = Number.parseInt(textIn(header, 124, 12), 8) || 0
    const path = [textIn(header, 345, 155), textIn(header, 0, 100)].filter((part) => part !== '').join('/')
    let left = size
    async function* content() {
      while (left > 0) {
        const piece = await source.read(Math.min(left, 65_536))
        if (piece.length === 0) return
        left -= piece.length
        yield piece
      }
    }
    yield { path, bytes: content() }
    while (left > 0) {
      const skipped = await source.read(Math.min(left, 65_536))
      if (skipped.length === 0) return
      left -= skipped.length
    }
    await source.read((BLOCK - (size % BLOCK)) % BLOCK)
  }
}

/**
 * The files of a zip archive.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3
 */
export function* zipEntries(archive: Buffer): Generator<Entry> {
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  if (end === -1 || end + 20 > archive.length) throw new Error('no zip archive')
  let at = archive.readUInt32LE(end + 16)
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== 0x02014b50) throw new Error('a damaged zip archive')
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)]
    const nameLength = archive.readUInt16LE(at + 28)
    const local = archive.readUInt32LE(at + 42)
    const path = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const packed = Readable.from([archive.subarray(start, start + size)])
    yield { path, bytes: method === 0 ? packed : packed.pipe(createInflateRaw()) }
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
}

function textIn(header: Buffer, at: number, length: number): string {
  return header.toString('latin1', at, at + length).replace(/[\0 ].*$/s, '')
}

function blocksOf(bytes: AsyncIterable<Uint8Array>): { read(length: number): Promise<Buffer> } {
  const iterator = bytes[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  return {
    /** So many bytes, fewer at the end. */
    async read(length) {
      while (held.length < length) {
        const { done, value } = await iterator.next()
        if (done === true) break
        held = Buffer.concat([held, value])
      }
      const piece = held.subarray(0, length)
      held = held.subarray(length)
      return piece
    },
  }
}
