import type { ProblemCode } from '@tessera/http'
import { takesPeople, takesTokens } from './api.ts'
import type { Api } from './api.ts'
import type { DocumentResponse, Reference } from '../document/document.ts'
import { header } from '../document/headers.ts'
import type { OperationFacts } from './operations.ts'
import { errorSchema, meanings, statusOf, wordOf } from './problem-words.ts'
import { problemsOf } from './problems.ts'

/** Every answer of an operation, by status. */
export function responsesOf(operation: OperationFacts, api: Api): Readonly<Record<string, DocumentResponse>> {
  const { status, schema, description } = operation.answer
  const success = {
    description,
    ...withHeaders(successHeaders(operation)),
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
  }
  const codes = problemsOf(operation, api)
  const statuses = [...new Set(codes.map(statusOf))].sort((a, b) => a - b)
  return {
    [status]: success,
    ...Object.fromEntries(
      statuses.map((each) => [
        each,
        refusal(
          each,
          codes.filter((code) => statusOf(code) === each),
          api,
        ),
      ]),
    ),
  }
}

function withHeaders(headers: Readonly<Record<string, Reference>>): Pick<DocumentResponse, 'headers'> {
  return Object.keys(headers).length === 0 ? {} : { headers }
}

function successHeaders({ method, answer }: OperationFacts): Readonly<Record<string, Reference>> {
  return {
    ...(answer.status === 201 && { Location: header('Location'), 'Tessera-Secret': header('TesseraSecret') }),
    ...(method !== 'get' && { 'Idempotent-Replayed': header('IdempotentReplayed') }),
  }
}

const SUMMARIES: Readonly<Record<number, string>> = {
  400: 'The request is wrong.',
  401: 'Nobody is authenticated.',
  403: 'The caller may not do this.',
  404: 'There is no such thing.',
  409: 'Something stands against it.',
  413: 'The body is too large.',
  415: 'The body is of another kind.',
  429: 'There were too many.',
  503: 'The service cannot answer now.',
}

function refusal(status: number, codes: readonly ProblemCode[], api: Api): DocumentResponse {
  const worded = codes.map((code) => ({ code, word: wordOf(code, api.dialect, api.describe) }))
  const words = [...new Set(worded.map(({ word }) => word))]
  const lines = worded.map(({ code, word }) => `- \`${word}\`: ${meanings[code]}`)
  return {
    description: [SUMMARIES[status] ?? 'The request is refused.', '', ...lines].join('\n'),
    ...withHeaders(refusalHeaders(status, codes, api)),
    content: { [api.errorType]: { schema: errorSchema(words, api.describe.errorCode) } },
  }
}

function refusalHeaders(status: number, codes: readonly ProblemCode[], api: Api): Readonly<Record<string, Reference>> {
  switch (status) {
    case 400:
      return takesTokens(api) && codes.includes('invalid_request')
        ? { 'WWW-Authenticate': header('MaybeChallenge') }
        : {}
    case 401:
      if (!takesTokens(api)) return {}
      return { 'WWW-Authenticate': header(takesPeople(api) ? 'MaybeChallenge' : 'Challenge') }
    case 403:
      if (!takesTokens(api) || !codes.includes('insufficient_scope')) return {}
      return { 'WWW-Authenticate': header('MaybeChallenge') }
    case 415:
      return { Accept: header('Accept'), 'Accept-Encoding': header('AcceptEncoding') }
    case 503:
      return { 'Retry-After': header('RetryAfter') }
    default:
      return {}
  }
}
