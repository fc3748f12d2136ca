/** An app with the fixture in it, on a port of 127.0.0.1. */
export interface ServedFixture {
  readonly port: number
  close(): unknown
}
