/** Bounds the time that work may take: all work by the same. */
export type WithinDeadline = <Answer>(
  work: () => Promise<Answer>,
  describe: (cause: unknown) => Error,
) => Promise<Answer>

/** Work under way, between the work that began before it and after it. */
interface Waiting {
  readonly end: number
  readonly late: () => void
  previous: Waiting
  next: Waiting
}

/**
 * Rejects when work has not ended in time. The work itself goes on: a command that was sent cannot be called back, and one
 * that waits for a connection is the client's.
 *
 * One timer serves all work, which ends in the order in which it began. It does not keep the process from ending; a
 * connection does.
 */
export function createDeadline(ms: number): WithinDeadline {
  const list = emptyList()
  let timer: NodeJS.Timeout | null = null

  function expire(): void {
    timer = null
    for (let first = list.next; first !== list; first = list.next) {
      const left = first.end - performance.now()
      if (left > 0) return wait(left)
      remove(first)
      first.late()
    }
  }

  function wait(forMs: number): void {
    timer ??= setTimeout(expire, Math.ceil(forMs)).unref()
  }

  return (work, describe) =>
    new Promise((resolve, reject) => {
      const fail = (cause: unknown) => reject(describe(cause))
      const late = () => fail(new Error(`Redis did not answer within ${ms} ms`))
      const waiting: Waiting = { end: performance.now() + ms, late, previous: list.previous, next: list }
      list.previous.next = waiting
      list.previous = waiting
      wait(ms)
      begin(work).then(
        (answer) => {
          remove(waiting)
          resolve(answer)
        },
        (cause: unknown) => {
          remove(waiting)
          fail(cause)
        },
      )
    })
}

/** Work that throws at once fails as any other. */
function begin<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return work()
  } catch (error) {
    return rejected(error)
  }
}

async function rejected(error: unknown): Promise<never> {
  throw error
}

function emptyList(): Waiting {
  const list = { end: 0, late: () => {} } as Waiting
  list.previous = list
  list.next = list
  return list
}

/** Once and for all: a second time changes nothing. */
function remove(waiting: Waiting): void {
  waiting.previous.next = waiting.next
  waiting.next.previous = waiting.previous
  waiting.previous = waiting
  waiting.next = waiting
}
