import { createReadStream } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { usage } from '../terminal/exit-codes.ts'
import { scanBytes } from './scan-bytes.ts'
import { scanName } from './scan-name.ts'
import { notRead } from './scan-report.ts'
import type { Scan } from './scan-report.ts'
import type { Finding } from './scan-stream.ts'

/** Packed objects of git hold nothing readable: `git log -p` does. */
const SKIPPED = /(?:^|[\\/])\.git[\\/]objects$/

/** @throws Exit for a path without a file, before anything is searched */
export async function needPaths(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isMissing = await stat(path).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
    )
    if (isMissing) throw usage(`there is no ${path}`)
  }
}

/** Searches a named file, or all files below a named folder. A named link is followed, and a pipe is read. */
export async function* scanPath(path: string, scan: Scan): AsyncGenerator<Finding> {
  yield* scanName(path, path, scan)
  try {
    if ((await stat(path)).isDirectory()) yield* scanFolder(path, scan)
    else yield* scanFile(path, scan)
  } catch (error) {
    notRead(scan, path, error)
  }
}

/** Links and pipes below a folder are left out. */
async function* scanFolder(folder: string, scan: Scan): AsyncGenerator<Finding> {
  if (SKIPPED.test(folder)) return
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name)
    yield* scanName(path, basename(path), scan)
    try {
      const status = await lstat(path)
      if (status.isDirectory()) yield* scanFolder(path, scan)
      else if (status.isFile()) yield* scanFile(path, scan)
    } catch (error) {
      notRead(scan, path, error)
    }
  }
}

async function* scanFile(path: string, scan: Scan): AsyncGenerator<Finding> {
  scan.files++
  const bytes = createReadStream(path)
  try {
    yield* scanBytes(path, bytes, scan)
  } finally {
    bytes.destroy()
  }
}
