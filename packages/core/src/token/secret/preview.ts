import { flatCopy } from './flat-copy.ts'
import { TAIL_LENGTH, parseSecret } from './secret.ts'

const MASK = '*'.repeat(8)
const SHOWN = 4

/**
 * The visible part of an issued secret: its prefix, its first and last four characters, `ot_pat_c3f9********bd21`. It
 * keeps nothing else of the secret in memory.
 */
export function preview(secret: string): string {
  return flatCopy(secret.slice(0, SHOWN - TAIL_LENGTH) + MASK + secret.slice(-SHOWN))
}

/** Whether a listed preview may be that of the secret. Two secrets with equal first and last characters look alike. */
export function matchesPreview(secret: string, shown: string): boolean {
  return parseSecret(secret) !== null && preview(secret) === shown
}
