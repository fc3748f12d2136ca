import type { Entry } from './entry.ts'
import { blocksOf } from './read-blocks.ts'
import type { Blocks } from './read-blocks.ts'
import { BLOCK, longNameIn, readTarHeader } from './tar-header.ts'

const PIECE = 65_536
const LONGEST_NAME = 1_048_576
/** Names for the next file, and for all. */
const NAMING = new Set(['L', 'K', 'x', 'g'])

/**
 * The files of a tar archive, in its order, and of the archives joined to it.
 *
 * @throws Error for a damaged or cut archive
 */
export async function* tarEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const source = blocksOf(bytes)
  let longName: string | undefined
  for (;;) {
    const block = await source.read(BLOCK)
    if (block.length === 0) return
    // Zeros end an archive. Another may follow.
    if (block.every((byte) => byte === 0)) continue
    const header = readTarHeader(block)
    if (header === null) throw new Error('a damaged or cut tar archive')
    const padding = (BLOCK - (header.size % BLOCK)) % BLOCK
    if (NAMING.has(header.kind)) {
      if (header.size > LONGEST_NAME) throw new Error('a damaged tar archive')
      const content = await source.read(header.size)
      if ('Lx'.includes(header.kind)) longName = longNameIn(header.kind, content) ?? longName
    } else {
      const content = contentOf(source, header.size)
      yield { path: longName ?? header.path, bytes: content }
      for await (const _ of content);
      longName = undefined
    }
    await source.read(padding)
  }
}

/** A second loop goes on after the first, so the archive can be read on behind it. Reads wait for each other. */
function contentOf(source: Blocks, size: number): AsyncIterable<Uint8Array> {
  let left = size
  let last: Promise<unknown> = Promise.resolve()
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (left === 0) return { done: true, value: undefined }
    const value = await source.read(Math.min(left, PIECE))
    if (value.length === 0) throw new Error('a cut tar archive')
    left -= value.length
    return { done: false, value }
  }
  const inTurn = () => {
    const turn = last.then(next, next)
    last = turn
    return turn
  }
  return { [Symbol.asyncIterator]: () => ({ next: inTurn }) }
}
