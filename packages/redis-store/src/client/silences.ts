import type { Connection } from './client.ts'

/** For how long nothing has come over connections. */
export interface Silences {
  /** Begins to listen, as if so much time of silence had passed already. */
  begin(connection: Connection, passedMs: number): void
  /** In milliseconds, as of this call and in steps of such calls; 0 if something came since the call before. */
  lengthOf(connection: Connection): number
}

interface Silence {
  readonly bytesRead: number
  readonly since: number
}

export function createSilences(): Silences {
  const silences = new WeakMap<Connection, Silence>()

  function begin(connection: Connection, passedMs: number): void {
    silences.set(connection, { bytesRead: connection.bytesRead, since: performance.now() - passedMs })
  }

  return {
    begin,
    lengthOf(connection) {
      const silence = silences.get(connection)
      // At least a little for one that is new, about which nothing is known.
      if (silence?.bytesRead === connection.bytesRead) return Math.max(1, performance.now() - silence.since)
      begin(connection, 0)
      return silence === undefined ? 1 : 0
    },
  }
}
