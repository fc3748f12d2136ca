import type { Writable } from 'node:stream'

/** The state of the text on an output. */
export interface Written {
  /** Aborted once the reader has gone, as `head` does. */
  readonly closed: AbortSignal
  /** Resolves once all is written: `null`, or the first error, such as EPIPE or ENOSPC. */
  flushed(): Promise<NodeJS.ErrnoException | null>
}

/** Watches an output of the process. An error there does not end it. */
export function watchOutput(output: Writable): Written {
  const gone = new AbortController()
  let failure: NodeJS.ErrnoException | null = null
  output.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error
    if (error.code === 'EPIPE') gone.abort()
  })
  return {
    closed: gone.signal,
    flushed: () => new Promise((resolve) => output.write('', (error) => resolve(failure ?? error ?? null))),
  }
}
