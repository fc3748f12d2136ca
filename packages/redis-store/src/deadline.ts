/**
 * Bounds the time that work may take: all work by the same.
 *
 * @param confirm What remains to be done before the answer counts, within the same time; `null` for nothing.
 */
export type WithinDeadline = <Answer>(
  work: () => Promise<Answer>,
  describe: (cause: unknown) => Error,
  confirm?: () => Promise<void> | null,
) => Promise<Answer>

/** Work under way, between the work that began before it and after it. */
interface Waiting {
  readonly end: number
  readonly fail: (cause: unknown) => void
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
      first.fail(new Error(`Redis did not answer within ${ms} ms`))
    }
  }

  function wait(forMs: number): void {
    timer ??= setTimeout(expire, Math.ceil(forMs)).unref()
  }

  function enlist(fail: (cause: unknown) => void): Waiting {
    const waiting: Waiting = { end: performance.now() + ms, fail, previous: list.previous, next: list }
    list.previous.next = waiting
    list.previous = waiting
    wait(ms)
    return waiting
  }

  return <Answer>(work: () => Promise<Answer>, describe: (cause: unknown) => Error, confirm = nothing) => {
    // Before all else, and with few promises: every verification that is not cached passes here.
    const working = begin(work)
    return new Promise<Answer>((resolve, reject) => {
      const waiting = enlist((cause) => reject(describe(cause)))
      const fail = (cause: unknown) => {
        remove(waiting)
        waiting.fail(cause)
      }
      working.then((answer) => {
        const confirming = confirm()
        if (confirming === null) return end(answer)
        return confirming.then(() => end(answer), fail)
      }, fail)

      function end(answer: Answer): void {
        remove(waiting)
        resolve(answer)
      }
    })
  }
}

function nothing(): Promise<void> | null {
  return null
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
  const list = { end: 0, fail(_cause: unknown) {} } as Waiting
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
