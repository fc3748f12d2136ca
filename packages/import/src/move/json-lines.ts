import { StringDecoder } from 'node:string_decoder'
import { jsonIn } from '../systems/columns.ts'
import { LegacyRowError } from '../systems/system.ts'

const LONGEST_LINE = 1_000_000
const BYTE_ORDER_MARK = /^\uFEFF/

/**
 * The values of a JSONL text, one a line, empty lines left out. So that each line is counted, a line that is no JSON is
 * `undefined`, and one of more than a million characters is a `LegacyRowError` with its number. No line is kept beyond that.
 *
 * @param source Pieces of the text, such as those of a file's stream.
 */
export async function* readJsonLines(source: AsyncIterable<string | Uint8Array>): AsyncGenerator {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let line = 1
  for await (const piece of source) {
    const lines = (rest + (typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece)))).split('\n')
    // Some tools begin a file so.
    if (line === 1) lines[0] = lines[0]?.replace(BYTE_ORDER_MARK, '') ?? ''
    // One character more shows that it is too long.
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE + 1)
    yield* valuesOf(lines, line)
    line += lines.length
  }
  yield* valuesOf([rest + decoder.end()], line)
}

function valuesOf(lines: readonly string[], first: number): unknown[] {
  return lines.flatMap((line, index) => {
    if (line.length > LONGEST_LINE) return [tooLong(first + index)]
    return line.trim() === '' ? [] : [jsonIn(line)]
  })
}

function tooLong(line: number): LegacyRowError {
  return new LegacyRowError(`line ${line} is longer than ${LONGEST_LINE.toLocaleString('en')} characters`)
}
