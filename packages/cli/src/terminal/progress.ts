import type { Terminal } from './terminal.ts'

const EVERY_MS = 100

/** Shows a text on stderr, over the one before: on a terminal only, and ten times a second at most. */
export type Progress = (text: string) => void

export function createProgress({ stderr }: Terminal): Progress {
  let shownAt = Number.NEGATIVE_INFINITY
  return (text) => {
    const now = performance.now()
    if (stderr.isTTY !== true || now - shownAt < EVERY_MS) return
    shownAt = now
    stderr.write(`\r${text}\r`)
  }
}
