import { StoreError } from '@tessera/core'
import type { Dialect } from './dialect.ts'
import { jsonResponse } from './message.ts'
import type { Handler, HttpResponse } from './message.ts'
import type { Problem } from './problem.ts'
import { toProblem } from './to-problem.ts'

/** Told of every store failure that a client is answered 503 for. */
export type OnError = (error: Error) => void

/** The same handler, which answers what is thrown in it: a refusal in the given words, a store failure with 503. */
export function answerErrors(handle: Handler, writeError: Dialect['writeError'], onError?: OnError): Handler {
  return async (request) => {
    try {
      return await handle(request)
    } catch (error) {
      return errorResponse(problemOf(error, onError), writeError)
    }
  }
}

/**
 * What the client is told of a failure, after a store failure was reported.
 *
 * @param onError Default: a process warning.
 * @throws the failure itself when it is a fault in the program, which is not the client's to know
 */
export function problemOf(error: unknown, onError: OnError = warn): Problem {
  if (error instanceof StoreError) onError(error)
  const problem = toProblem(error)
  if (problem === null) throw error
  return problem
}

export function errorResponse(problem: Problem, writeError: Dialect['writeError']): HttpResponse {
  return jsonResponse(problem.status, writeError(problem), problem.headers)
}

function warn(error: Error): void {
  process.emitWarning(error)
}
