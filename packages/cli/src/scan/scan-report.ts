import { lineOf } from '../terminal/line-of.ts'

/** One scan: its prefixes, and its report so far. */
export interface Scan {
  /** Those to look for; `null` for every prefix. */
  readonly prefixes: readonly string[] | null
  files: number
  /** Each with its path and the reason. */
  readonly unreadable: string[]
}

export function notRead({ unreadable }: Scan, path: string, error: unknown): void {
  unreadable.push(`${path}: ${lineOf(error)}`)
}
