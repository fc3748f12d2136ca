import { findSecrets } from '@tessera/leaks'
import type { Scan } from './scan-report.ts'
import type { Finding } from './scan-stream.ts'

/** Searches the name of a file or folder. */
export function scanName(path: string, name: string, { prefixes }: Scan): readonly Finding[] {
  return findSecrets(name, prefixes).map(({ secret }) => ({ path, line: null, secret }))
}
