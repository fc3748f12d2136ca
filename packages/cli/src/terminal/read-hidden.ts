import { Exit, exitCodes } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

const [INTERRUPT, END, ERASE] = ['\u0003', '\u0004', '\u007F']

/**
 * Asks for a line on a terminal, and does not show it.
 *
 * @throws Exit for an interrupt: the terminal hands it on as a character
 */
export async function readHidden({ stdin, stderr }: Terminal, question: string): Promise<string> {
  stdin.setRawMode?.(true)
  stderr.write(question)
  try {
    let text = ''
    for await (const chunk of stdin.iterator({ destroyOnReturn: false }))
      for (const character of String(chunk)) {
        if (character === INTERRUPT) throw new Exit(exitCodes.interrupted, 'interrupted')
        if (character === '\r' || character === '\n' || character === END) return text
        text = character === ERASE ? text.slice(0, -1) : text + character
      }
    return text
  } finally {
    stdin.setRawMode?.(false)
    stderr.write('\n')
  }
}
