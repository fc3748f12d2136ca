/** A file inside an archive. Each must be read before the next. */
export interface Entry {
  readonly path: string
  /** Rejects for a damaged file. */
  readonly bytes: AsyncIterable<Uint8Array>
}
