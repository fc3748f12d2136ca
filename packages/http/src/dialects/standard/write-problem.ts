import type { Problem } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'

/** The type of every problem that has no page (RFC 9457 §4.2.1). Its title is the name of the status. */
const NO_PAGE = 'about:blank'

/** As of RFC 9110 and RFC 6585. */
const TITLES: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [409, 'Conflict'],
  [413, 'Content Too Large'],
  [415, 'Unsupported Media Type'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
])

/**
 * A problem detail. `code` never changes; the facts of the problem stand beside it. `errors` names what is wrong in a
 * request.
 *
 * @param pages The URL before the code in `type`; `null` without pages.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function writeProblem({ code, status, message, facts }: Problem, pages: string | null): JsonObject {
  const { parameter, errors, ...others } = facts
  const detail = message
  const named = errors ?? (parameter === undefined ? undefined : [{ parameter, detail }])
  return {
    type: pages === null ? NO_PAGE : pages + code,
    title: TITLES.get(status) ?? 'Error',
    status,
    code,
    detail,
    ...others,
    ...(named && { errors: named }),
  }
}
