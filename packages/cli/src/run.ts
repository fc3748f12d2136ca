import { userInfo } from 'node:os'
import { StoreError, TokenError } from '@tessera/core'
import { CommanderError } from 'commander'
import { programOf } from './program.ts'
import type { Around } from './program.ts'
import { lineOf } from './terminal/line-of.ts'
import { isWrongArgument, refusalIn } from './words/refusal.ts'
import { findSecrets } from '@tessera/leaks'
import { Exit, exitCodes } from './terminal/exit-codes.ts'
import type { App } from './tokens/app.ts'
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
  if (argv.some((each) => findSecrets(each, null).length > 0 || NEARLY.test(each))) {
    complain(SECRET_IN_ARGUMENTS)
    return exitCodes.usage
  }
  const around: Around = { terminal, user: userName(), code: exitCodes.done }
  try {
    await programOf(around).parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    complain(await messageOf(error, around))
    around.code = codeOf(error)
  }
  await letGo(around).catch((error) => complain(`not closed well: ${lineOf(error)}`))
  return around.code
}

/** A secret without its last characters is nearly as good as whole. */
const NEARLY = /^[a-z][0-9a-z_]*_[0-9A-Za-z]{40,}$/

const SECRET_IN_ARGUMENTS =
  'a secret stands among the arguments, and now perhaps in the history of the shell: revoke it. Secrets are read from stdin.'

function codeOf(error: unknown): number {
  if (error instanceof Exit) return error.code
  if (error instanceof StoreError) return exitCodes.store
  if (isWrongArgument(error)) return exitCodes.usage
  return error instanceof TokenError ? exitCodes.no : exitCodes.fault
}

/** Closes what the command opened. By now all is said, so nothing is hidden if this hangs. */
async function letGo(around: Around): Promise<void> {
  await (await openedBy(around))?.close()
}

async function openedBy({ opened }: Around): Promise<App | undefined> {
  return opened?.catch(() => undefined)
}

/** A "no" names its source: the right tokens in the wrong store are not found either. */
async function messageOf(error: unknown, around: Around): Promise<string> {
  const app = codeOf(error) === exitCodes.no ? await openedBy(around) : undefined
  return refusalIn(error) + (app === undefined ? '' : ` (in ${app.from})`)
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
