import { Exit, exitCodes } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/**
 * Makes sure of the output on stdout.
 *
 * @param before Stands before the reason.
 * @throws Exit for a full disk, or a reader gone early
 */
export async function needWritten({ written }: Pick<Terminal, 'written'>, before = ''): Promise<void> {
  const failure = await written.flushed()
  if (failure === null) return
  const reason = `stdout did not take what was printed (${failure.code ?? failure.message})`
  throw new Exit(exitCodes.fault, `${before} ${reason}`.trim())
}
