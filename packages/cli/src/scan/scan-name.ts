import { preview } from '@tessera/core'
import { findSecrets } from '@tessera/leaks'
import type { Scan } from './scan-report.ts'
import type { Finding } from './scan-stream.ts'

/** Searches the name of a file or folder. */
export function scanName(path: string, name: string, { prefixes }: Scan): readonly Finding[] {
  return findSecrets(name, prefixes).map(({ secret }) => ({ path, line: null, secret }))
}

/** The path with a preview for every secret in it. */
export function maskSecrets(path: string): string {
  return findSecrets(path, null).reduce((masked, { secret }) => masked.replaceAll(secret, preview(secret)), path)
}
