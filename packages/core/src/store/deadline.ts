/**
 * Carries out work within the time of a {@link createDeadline}.
 *
 * @param describe Makes the error to reject with, from the work's own failure or the deadline's.
 * @param confirm The rest of the work before the answer counts, within the same time; `null` for nothing.
 */
export type WithinDeadline = <Answer>(
  work: () => Promise<Answer>,
  describe: (cause: unknown) => Error,
  confirm?: () => Promise<void> | null,
) => Promise<Answer>

/** Pending work, between earlier and later work. */
interface Waiting {
  readonly end: number
  readonly fail: (cause: unknown) => void
  isPending: boolean
  previous: Waiting
  next: Waiting
}

/**
 * Bounds the time of a store's operations, for stores on a server. Late work is rejected. It goes on all the same,
 * since a sent command cannot be called back.
 *
 * Time in which the process itself was blocked does not count against the server: timers run before sockets are read,
 * and its answers may have come by then. So overdue work gets as much more time as its timer was late, at most the same
 * again. It is rejected only if it has no answer after the sockets were read.
 *
 * One timer serves all work. It does not keep the process from ending; a connection does.
 */
export function createDeadline(ms: number): WithinDeadline {
  const list = emptyList()
  let timer: NodeJS.Timeout | null = null

  function expire(): void {
    timer = null
    const now = performance.now()
    const lateMs = now - list.next.end
    const overdue: Waiting[] = []
    for (let first = list.next; first !== list && first.end <= now; first = list.next) {
      remove(first)
      overdue.push(first)
    }
    if (overdue.length > 0) setTimeout(readFirst, Math.min(lateMs, ms), overdue).unref()
    if (list.next !== list) wait(list.next.end - now)
  }

  function readFirst(overdue: readonly Waiting[]): void {
    setImmediate(giveUp, overdue)
  }

  function giveUp(overdue: readonly Waiting[]): void {
    const cause = new Error(`no answer within ${ms} ms`)
    for (const each of overdue) if (each.isPending) each.fail(cause)
  }

  function wait(forMs: number): void {
    timer ??= setTimeout(expire, Math.ceil(forMs)).unref()
  }

  function enlist(fail: (cause: unknown) => void): Waiting {
    const end = performance.now() + ms
    const waiting: Waiting = { end, fail, isPending: true, previous: list.previous, next: list }
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
        leave(waiting)
        waiting.fail(cause)
      }
      working.then((answer) => {
        const confirming = confirm()
        if (confirming === null) return end(answer)
        return confirming.then(() => end(answer), fail)
      }, fail)

      function end(answer: Answer): void {
        leave(waiting)
        resolve(answer)
      }
    })
  }
}

function nothing(): Promise<void> | null {
  return null
}

/** Work that throws at once fails like any other. */
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
  const list = { end: 0, fail(_cause: unknown) {}, isPending: false } as Waiting
  list.previous = list
  list.next = list
  return list
}

function leave(waiting: Waiting): void {
  waiting.isPending = false
  remove(waiting)
}

/** A second time changes nothing. */
function remove(waiting: Waiting): void {
  waiting.previous.next = waiting.next
  waiting.next.previous = waiting.previous
  waiting.previous = waiting
  waiting.next = waiting
}
