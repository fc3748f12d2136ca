import { StringDecoder } from 'node:string_decoder'
import { jsonIn } from '../systems/columns.ts'

const LONGEST_LINE = 1_000_000

/**
 * The values of a JSONL text, one a line, empty lines left out. `undefined` for a line that is no JSON, so that it is counted.
 *
 * @param source Pieces of the text, such as those of a file's stream.
 * @throws Error for a line of more than a million characters
 */
export async function* readJsonLines(source: AsyncIterable<string | Uint8Array>): AsyncGenerator {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const piece of source) {
    const lines = (rest + (typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece)))).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE)
      throw new Error(`a line is longer than ${LONGEST_LINE.toLocaleString('en')} characters`)
    yield* valuesOf(lines)
  }
  yield* valuesOf([rest + decoder.end()])
}

function valuesOf(lines: readonly string[]): unknown[] {
  return lines.filter((line) => line.trim() !== '').map(jsonIn)
}
