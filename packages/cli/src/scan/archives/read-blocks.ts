export interface Blocks {
  /** So many bytes, fewer at the end. */
  read(length: number): Promise<Buffer>
}

/** Reads a stream in pieces of a wanted length. */
export function blocksOf(bytes: AsyncIterable<Uint8Array>): Blocks {
  const iterator = bytes[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  return {
    async read(length) {
      while (held.length < length) {
        const { done, value } = await iterator.next()
        if (done === true) break
        held = Buffer.concat([held, value])
      }
      const piece = held.subarray(0, length)
      held = held.subarray(length)
      return piece
    },
  }
}
