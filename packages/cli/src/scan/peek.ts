/** The first bytes of a stream, and all of it: at least so many, if there are so many. */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
  atLeast: number,
): Promise<readonly [head: Buffer, whole: AsyncIterable<Uint8Array>]> {
  const iterator = bytes[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  let length = 0
  while (length < atLeast) {
    const { done, value } = await iterator.next()
    if (done === true) break
    pieces.push(typeof value === 'string' ? Buffer.from(value) : value)
    length += value.length
  }
  const head = Buffer.concat(pieces)
  async function* whole() {
    yield head
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  }
  return [head, whole()]
}
