import { usage } from './exit-codes.ts'
import { readHidden } from './read-hidden.ts'
import type { Terminal } from './terminal.ts'

const QUESTION = 'Secret (not shown, then Enter): '
const MOST_BYTES = 4_096

/**
 * Reads one secret from stdin. On a terminal, it asks for it, and does not show it.
 *
 * @throws Exit for nothing, and for more than one line
 */
export async function readSecret(terminal: Terminal): Promise<string> {
  const { stdin } = terminal
  const isAsked = stdin.isTTY === true
  const line = (await (isAsked ? readHidden(terminal, QUESTION) : readLine(stdin))).trim()
  if (line === '') throw usage('give a secret on stdin: printf %s "$SECRET" | tessera …')
  return line
}

/** The text before the end of the first line, or of the stream. */
export async function readLine(stdin: Terminal['stdin']): Promise<string> {
  let text = ''
  for await (const chunk of stdin) {
    text += String(chunk)
    if (text.includes('\n') || text.length > MOST_BYTES) break
  }
  const [line = '', rest = ''] = text.split(/\r?\n/)
  if (line.length > MOST_BYTES || rest.trim() !== '') throw usage('give one line on stdin')
  return line
}
