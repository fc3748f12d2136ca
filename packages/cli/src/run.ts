import { userInfo } from 'node:os'
import { StoreError, TokenError } from '@tessera/core'
import { CommanderError } from 'commander'
import { programOf } from './program.ts'
import { findSecrets } from './scan/find-secrets.ts'
import { Exit, exitCodes } from './terminal/exit-codes.ts'
import type { Terminal } from './terminal/terminal.ts'

/**
 * Runs one command line.
 *
 * @param argv What stands behind the name of the program.
 * @returns How it ends: see {@link exitCodes}. An interrupt ends it at once.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const interruption = new Promise<number>((resolve) => {
    terminal.interrupted.addEventListener('abort', () => resolve(exitCodes.interrupted), { once: true })
  })
  return Promise.race([interruption, execute(argv, terminal)])
}

async function execute(argv: readonly string[], terminal: Terminal): Promise<number> {
  const complain = (message: string) => void terminal.stderr.write(`tessera: ${message}\n`)
  if (argv.some((each) => findSecrets(each, null).length > 0)) {
    complain(SECRET_IN_ARGUMENTS)
    return exitCodes.usage
  }
  const ended: { code: number } = { code: exitCodes.done }
  try {
    await programOf(terminal, userName(), ended).parseAsync([...argv], { from: 'user' })
    return ended.code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    complain(messageOf(error))
    return codeOf(error)
  }
}

const SECRET_IN_ARGUMENTS =
  'a secret stands among the arguments, and now perhaps in the history of the shell: revoke it. Secrets are read from stdin.'

function codeOf(error: unknown): number {
  if (error instanceof Exit) return error.code
  if (error instanceof StoreError) return exitCodes.store
  return error instanceof TokenError ? exitCodes.no : exitCodes.fault
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
