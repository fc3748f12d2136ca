import type { OpenApiDocument } from '@tessera/openapi'
import type { Answer } from '../support/four-apis/answer.ts'
import { exchange } from '../support/four-apis/connection.ts'
import { writeRequest } from '../support/four-apis/write-request.ts'
import { answerChecks } from './answer-checks.ts'
import { FORM, mediaTypeOf, operationsIn } from './documented.ts'
import type { Documented } from './documented.ts'
import type { Cast, Visit } from './stage.ts'
import { jsonOf, visitsTo } from './visits.ts'

/** What a crawl found. */
export interface Crawled {
  readonly requests: number
  /** Answers that are not as declared, and bodies that were taken in spite of their schema. */
  readonly faults: readonly string[]
  /** What is declared and was never answered. */
  readonly unreached: readonly string[]
}

/**
 * Calls every operation of a document in every way, over sockets, and compares each answer with the document.
 *
 * @param outage Makes the store fail, as long as it is set.
 */
export async function crawl(
  url: string,
  document: OpenApiDocument,
  cast: Cast,
  outage: { error: Error | null },
): Promise<Crawled> {
  const checks = answerChecks(document)
  const faults: string[] = []
  let requests = 0

  async function visit(asked: Documented, given: Visit, fails = false): Promise<void> {
    const target = await cast.target()
    const form =
      mediaTypeOf(asked) === FORM ? { body: `token=${target.secret}${cast.forms?.fields ?? ''}`, secret: null } : {}
    const full = { owner: cast.owner, secret: cast.secrets.all, id: target.id, ...form, ...given }
    if (fails) outage.error = new Error('connection lost')
    const answer = await send(url, asked, full, cast.credential)
    outage.error = null
    requests += 1
    faults.push(...checks.faultsOf(asked, answer).map((fault) => `${fault} (${JSON.stringify(given).slice(0, 100)})`))
    const json = jsonOf(asked, full)
    if (answer.status < 300 && json !== undefined) faults.push(...checks.faultsOfBody(asked, json))
  }

  for (const asked of operationsIn(document)) {
    for (const given of await visitsTo(asked, document, cast)) await visit(asked, given)
    await visit(asked, {}, true)
  }
  return { requests, faults, unreached: checks.unreached() }
}

function send(
  url: string,
  asked: Documented,
  visit: Visit,
  credential: Cast['credential'] = (secret) => ['Authorization', `Bearer ${secret}`],
): Promise<Answer> {
  const { id = '', owner = '', secret = null, query = '', key, headers = [] } = visit
  const path = asked.path.replace('{id}', id).replace(/\{\w+\}/, owner)
  const json = jsonOf(asked, visit)
  const body = json === undefined ? visit.body : JSON.stringify(json)
  const hasType = body === undefined || headers.some(([name]) => name === 'Content-Type')
  const all = [
    ...(secret === null ? [] : [credential(secret)]),
    ...(key === undefined ? [] : [['Idempotency-Key', key] as const]),
    ...(hasType ? [] : [['Content-Type', mediaTypeOf(asked) ?? 'application/json'] as const]),
    ...headers,
  ]
  const method = asked.method.toUpperCase()
  return exchange(url, writeRequest({ method, path: path + query, headers: all, ...(body !== undefined && { body }) }))
}
