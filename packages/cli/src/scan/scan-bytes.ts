import { Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Entry } from './archives/entry.ts'
import { HEAD, kindOf, promisedBy } from './archives/kind-of.ts'
import { tarEntries } from './archives/tar.ts'
import { zipEntries } from './archives/zip.ts'
import { peek } from './peek.ts'
import { notRead } from './scan-report.ts'
import type { Scan } from './scan-report.ts'
import { scanName } from './scan-name.ts'
import { scanStream } from './scan-stream.ts'
import type { Finding } from './scan-stream.ts'

const DEEPEST = 10
const LARGEST_ZIP = 1_073_741_824

/** Searches bytes by their kind, archives in archives too. The report learns of all that could not be read. */
export async function* scanBytes(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  scan: Scan,
  { atLeast = HEAD, depth = 0 }: { readonly atLeast?: number; readonly depth?: number } = {},
): AsyncGenerator<Finding> {
  try {
    if (depth > DEEPEST) throw new Error('archives in archives, too deep')
    const [head, whole] = await peek(bytes, atLeast)
    yield* scanKind(path, head, whole, scan, depth)
  } catch (error) {
    notRead(scan, path, error)
  }
}

async function* scanKind(
  path: string,
  head: Buffer,
  bytes: AsyncIterable<Uint8Array>,
  scan: Scan,
  depth: number,
): AsyncGenerator<Finding> {
  const kind = kindOf(head)
  if (typeof kind === 'object') throw new Error(`${kind.unsupported} is not supported: unpack it first`)
  if (kind === 'gzip') {
    const unpacked = path.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar')
    yield* scanBytes(
      unpacked,
      pipeline(Readable.from(bytes), createGunzip(), () => {}),
      scan,
      { depth: depth + 1 },
    )
  } else if (kind === 'tar') yield* scanEntries(path, tarEntries(bytes), scan, depth)
  else if (kind === 'zip') yield* scanEntries(path, zipEntries(await whole(bytes)), scan, depth)
  else if (kind === 'text') {
    yield* scanStream(path, bytes, scan.prefixes)
    const promised = promisedBy(path)
    if (promised !== undefined && head.length > 0) throw new Error(`no ${promised} archive`)
  } else yield* scanStream(path, decoded(bytes, kind), scan.prefixes)
}

async function* scanEntries(
  path: string,
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  scan: Scan,
  depth: number,
): AsyncGenerator<Finding> {
  for await (const entry of entries) {
    const place = `${path}!${entry.path}`
    yield* scanName(place, entry.path, scan)
    yield* scanBytes(place, entry.bytes, scan, { depth: depth + 1 })
  }
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of bytes) {
    length += piece.length
    if (length > LARGEST_ZIP) throw new Error('a zip archive above 1 GiB')
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

async function* decoded(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
}
