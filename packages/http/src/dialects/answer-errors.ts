import { StoreError, callHook, warn } from '@tessera/core'
import { toProblem } from '../bearer/to-problem.ts'
import { withHeaderLists } from '../message/header-lists.ts'
import { jsonResponse } from '../message/message.ts'
import type { Handler, HttpResponse } from '../message/message.ts'
import type { Problem } from '../message/problem.ts'
import type { ErrorWords } from './dialect.ts'

/** Called with every store failure answered with 503. Its own failures are process warnings, and change no answer. */
export type OnError = (error: Error) => unknown

/** The same handler, with an answer for each error: a refusal in the given words, a store failure with 503. */
export function answerErrors(handle: Handler, words: ErrorWords, onError?: OnError): Handler {
  return async (request) => {
    try {
      return await handle(withHeaderLists(request))
    } catch (error) {
      return errorResponse(problemOf(error, onError), words)
    }
  }
}

/**
 * The answer to the client for a failure. A store failure is reported first.
 *
 * @param onError Default: a process warning, at most one a second of each kind.
 * @throws the failure itself if it is a fault in the program, and not the client's to know
 */
export function problemOf(error: unknown, onError: OnError = warn): Problem {
  if (error instanceof StoreError) callHook('option "onError"', () => onError(error), warn)
  const problem = toProblem(error)
  if (problem === null) throw error
  return problem
}

/** @param words A dialect, or `{ writeError }` for an endpoint of none. */
export function errorResponse(problem: Problem, words: ErrorWords): HttpResponse {
  const type = words.errorType === undefined ? {} : { 'Content-Type': words.errorType }
  return jsonResponse(problem.status, words.writeError(problem), { ...type, ...problem.headers })
}
