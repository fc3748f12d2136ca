/** The clock of the server, as its answers tell it. It may differ from the clock of this process, and from another server's. */
export interface ServerClock {
  /**
   * Takes over the time in an answer. All instants are in milliseconds.
   *
   * @param history The server.
   * @param serverMs Its clock at some moment between question and answer, rounded down.
   * @param askedAt The question, by `performance.now()`.
   * @param answeredAt The answer, by the same.
   */
  learn(history: string, serverMs: number, askedAt: number, answeredAt: number): void
  /** The server whose clock is known at present; `null` if none is. */
  server(now: number): string | null
  /**
   * An instant by the clock of a server, or a little earlier, but not later.
   *
   * @param at By `performance.now()`.
   * @returns Epoch milliseconds; `null` if its clock is not known.
   */
  read(history: string, at: number, now: number): number | null
}

/** A clock that is set meanwhile is found out by the next answer, and so much later by none. */
const KEPT_MS = 2_000

interface Known {
  readonly history: string
  /** What is to be added to `performance.now()`, at least. */
  readonly least: number
  readonly since: number
}

export function createServerClock(): ServerClock {
  let known: Known | null = null

  const knownAt = (now: number) => (known !== null && now - known.since <= KEPT_MS ? known : null)

  return {
    learn(history, serverMs, askedAt, answeredAt) {
      const least = serverMs - answeredAt
      const most = serverMs + 1 - askedAt
      const former = knownAt(answeredAt)
      // Of two that are right, the larger is nearer. If the former is out of reach, the clock was set back.
      const isRight = former !== null && former.history === history && former.least > least && former.least <= most
      if (!isRight) known = { history, least, since: answeredAt }
    },
    server: (now) => knownAt(now)?.history ?? null,
    read(history, at, now) {
      const present = knownAt(now)
      return present?.history === history ? Math.floor(at + present.least) : null
    },
  }
}
