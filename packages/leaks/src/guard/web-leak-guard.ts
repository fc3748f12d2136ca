import { REFUSED_BODY, guardOf } from './guard-options.ts'
import type { LeakGuardOptions } from './guard-options.ts'
import { leakDetector } from './leak-detector.ts'

/** Gives the response of a request, or another one in its place. */
export type WebLeakGuard = (request: Request, response: Response) => Promise<Response>

/**
 * The guard of `leakGuard` for servers on web requests. A secret in the headers or in the first piece of the body is
 * answered with 500. A later one makes the body fail before it. An answer of 206 is answered with 416: two ranges of a body may
 * cut a secret in two.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example const handler = async (request) => guard(request, await handle(request))
 */
export function webLeakGuard(options: LeakGuardOptions): WebLeakGuard {
  const guard = guardOf('webLeakGuard', options)
  return async (request, response) => {
    const { pathname, search } = new URL(request.url)
    const asked = { method: request.method, url: pathname + search }
    if (guard.isExcepted(asked)) return response
    const secret = guard.secretIn([...response.headers, response.statusText])
    if (secret !== null) {
      guard.report(asked, secret)
      return refused()
    }
    if (response.status === 206) return wholeOnly(response)
    if (response.body === null) return response
    const reader = response.body.getReader()
    const nextPiece = reading(reader, guard.prefixes, (found) => guard.report(asked, found))
    try {
      // The first piece of an event stream may come long after its head.
      const isEventStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
      const first = isEventStream ? undefined : await nextPiece()
      return new Response(streamOf(reader, first, nextPiece), response)
    } catch (error) {
      if (error instanceof Withheld) return refused()
      throw error
    }
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>
/** `null` at the end. */
type NextPiece = () => Promise<Uint8Array | null>

class Withheld extends Error {
  override readonly name = 'Withheld'
}

function reading(reader: Reader, prefixes: readonly string[], onLeak: (secret: string) => void): NextPiece {
  const detector = leakDetector(prefixes)
  let isOver = false
  return async () => {
    while (!isOver) {
      const { done, value } = await reader.read()
      isOver = done
      const found = value === undefined ? detector.rest() : detector.push(value)
      if (typeof found === 'string') {
        onLeak(found)
        // Nobody waits for it: the source may never answer.
        reader.cancel().catch(() => {})
        throw new Withheld('a response was about to hold a secret')
      }
      if (found.length > 0) return found
    }
    return null
  }
}

/** @param first What was read before; `undefined` for nothing. */
function streamOf(
  reader: Reader,
  first: Uint8Array | null | undefined,
  nextPiece: NextPiece,
): ReadableStream<Uint8Array> {
  let waiting = first
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = waiting === undefined ? await nextPiece() : waiting
      waiting = undefined
      if (piece === null) controller.close()
      else controller.enqueue(piece)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

function wholeOnly({ body }: Response): Response {
  body?.cancel().catch(() => {})
  const answer = { error: 'invalid_request', error_description: 'No ranges are served here. Ask for the whole.' }
  return Response.json(answer, { status: 416, headers: { 'Accept-Ranges': 'none', 'Cache-Control': 'no-store' } })
}

function refused(): Response {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  return new Response(REFUSED_BODY, { status: 500, headers })
}
