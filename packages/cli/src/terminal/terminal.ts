import type { Readable, Writable } from 'node:stream'
import type { Written } from './watch-output.ts'

/** The surroundings of a command: of a process, or of a test. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown }
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder of relative paths. */
  readonly cwd: string
  /** Aborted by the first interrupt. */
  readonly interrupted: AbortSignal
  /** The state of the text on stdout. */
  readonly written: Written
}

export interface Output extends Pick<Writable, 'write'> {
  readonly isTTY?: boolean
  readonly columns?: number
}
