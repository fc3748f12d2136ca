import { StringDecoder } from 'node:string_decoder'
import { jsonIn } from '../systems/columns.ts'

const LONGEST_LINE = 1_000_000
const BYTE_ORDER_MARK = /^\uFEFF/

/**
 * The values of a JSONL text, one a line, empty lines left out. `undefined` for a line that is no JSON, so that it is counted.
 *
 * @param source Pieces of the text, such as those of a file's stream.
 * @throws Error for a line of more than a million characters, with its number
 */
export async function* readJsonLines(source: AsyncIterable<string | Uint8Array>): AsyncGenerator {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let line = 1
  for await (const piece of source) {
    const lines = (rest + (typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece)))).split('\n')
    // Some tools begin a file so.
    if (line === 1) lines[0] = lines[0]?.replace(BYTE_ORDER_MARK, '') ?? ''
    rest = lines.pop() ?? ''
    line += lines.length
    if (rest.length > LONGEST_LINE)
      throw new Error(`line ${line} is longer than ${LONGEST_LINE.toLocaleString('en')} characters`)
    yield* valuesOf(lines)
  }
  yield* valuesOf([rest + decoder.end()])
}

function valuesOf(lines: readonly string[]): unknown[] {
  return lines.filter((line) => line.trim() !== '').map(jsonIn)
}
