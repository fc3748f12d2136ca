import { createReadStream } from 'node:fs'
import { lstat, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzip, tarEntries, zipEntries } from './open-archive.ts'
import { scanStream } from './scan-stream.ts'
import type { Finding } from './scan-stream.ts'

/** What a scan has looked at so far. */
export interface ScanReport {
  files: number
  /** What could not be read, with the reason. */
  readonly unreadable: string[]
}

/** Packed objects of git hold nothing readable: `git log -p` does. */
const SKIPPED = /(?:^|[\\/])\.git[\\/]objects$/

/** Searches a file, or all files below a folder, archives included. Links are not followed. */
export async function* scanPath(
  path: string,
  prefixes: readonly string[] | null,
  report: ScanReport,
): AsyncGenerator<Finding> {
  const status = await lstat(path)
  if (status.isDirectory()) {
    if (SKIPPED.test(path)) return
    for (const name of (await readdir(path)).sort()) yield* scanPath(join(path, name), prefixes, report)
  } else if (status.isFile()) {
    report.files++
    try {
      yield* scanFile(path, path, prefixes)
    } catch (error) {
      report.unreadable.push(`${path}: ${error instanceof Error ? error.message : 'unreadable'}`)
    }
  }
}

async function* scanFile(path: string, file: string, prefixes: readonly string[] | null): AsyncGenerator<Finding> {
  if (/\.(?:zip|jar|whl|vsix)$/i.test(path)) {
    for (const entry of zipEntries(await readFile(file)))
      yield* scanStream(`${path}!${entry.path}`, entry.bytes, prefixes)
    return
  }
  yield* scanBytes(path, createReadStream(file), prefixes)
}

async function* scanBytes(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  prefixes: readonly string[] | null,
): AsyncGenerator<Finding> {
  if (/\.(?:gz|tgz)$/i.test(path)) {
    yield* scanBytes(path.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar'), gunzip(bytes), prefixes)
  } else if (/\.tar$/i.test(path)) {
    for await (const entry of tarEntries(bytes)) yield* scanBytes(`${path}!${entry.path}`, entry.bytes, prefixes)
  } else yield* scanStream(path, bytes, prefixes)
}
