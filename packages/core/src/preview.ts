import { flatCopy } from './flat-copy.ts'
import { TAIL_LENGTH, parseSecret } from './secret.ts'

const MASK = '*'.repeat(8)
const SHOWN = 4

/** What may be shown of an issued secret: its prefix, its first and last four characters, `ot_pat_c3f9********bd21`. Whoever keeps it keeps nothing else of the secret in memory. */
export function preview(secret: string): string {
  return flatCopy(secret.slice(0, SHOWN - TAIL_LENGTH) + MASK + secret.slice(-SHOWN))
}

/** Whether a secret that someone holds is the one that a listed preview stands for, as far as a preview can tell. */
export function matchesPreview(secret: string, shown: string): boolean {
  return parseSecret(secret) !== null && preview(secret) === shown
}
