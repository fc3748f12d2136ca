import { refuse, usage } from './exit-codes.ts'
import { readLine } from './read-stdin.ts'
import type { Terminal } from './terminal.ts'
import { printable } from './width.ts'

/**
 * Asks to type a text before work on many tokens.
 *
 * @throws Exit without a terminal and `--yes`, and for any other text. Nothing is done then.
 */
export async function confirm(terminal: Terminal, question: string, text: string, yes: boolean): Promise<void> {
  if (yes) return
  if (terminal.stdin.isTTY !== true) throw usage(`${question} Without a terminal, say --yes.`)
  terminal.stderr.write(`${question}\nType ${printable(text)} to go on: `)
  if ((await readLine(terminal.stdin)).trim() !== text) throw refuse('nothing was done')
}
