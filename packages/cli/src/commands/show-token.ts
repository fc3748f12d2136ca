import type { Token } from '@tessera/core'
import { tokenFacts, tokenLines } from '../words/describe-token.ts'
import { tableLines } from '../terminal/table.ts'
import type { Call } from './command.ts'

/** Prints one token: its facts, or with `--json` one document. */
export function printToken({ json, print }: Pick<Call, 'json' | 'print'>, token: Token, more: object = {}): void {
  if (json) return print(JSON.stringify({ token: tokenFacts(token), ...more }))
  const rows = tokenLines(token).filter(([, text]) => text !== '–')
  for (const line of tableLines([{ title: '' }, { title: '' }], rows, undefined).slice(1)) print(line)
}
