import { Readable, pipeline } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import type { Entry } from './entry.ts'
import { findDirectory } from './zip-directory.ts'

/**
 * The files of a zip archive. The bytes of an encrypted one, and of one packed in another way, reject.
 *
 * @throws Error for a damaged archive
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3
 */
export function* zipEntries(archive: Buffer): Generator<Entry> {
  const { at: first, count, shift } = findDirectory(archive)
  let at = first
  for (let left = count; left > 0; left--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== 0x02014b50) throw new Error('a damaged zip archive')
    const nameLength = archive.readUInt16LE(at + 28)
    const path = archive.toString('utf8', at + 46, at + 46 + nameLength)
    yield { path, bytes: contentAt(archive, at, shift) }
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
}

async function* contentAt(archive: Buffer, at: number, shift: number): AsyncGenerator<Uint8Array> {
  const [flags, method] = [archive.readUInt16LE(at + 8), archive.readUInt16LE(at + 10)]
  const [size, local] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 42) + shift]
  if ((flags & 1) === 1) throw new Error('encrypted')
  if (method !== 0 && method !== 8) throw new Error(`packed by method ${method}, which is not supported`)
  if (local + 30 > archive.length) throw new Error('a damaged zip archive')
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  if (start + size > archive.length) throw new Error('a damaged zip archive')
  const packed = Readable.from([archive.subarray(start, start + size)])
  yield* method === 0 ? packed : pipeline(packed, createInflateRaw(), () => {})
}
