import type { Dialect } from '../../dialects/dialect.ts'
import { Problem } from '../../message/problem.ts'
import type { Fault } from '../../message/problem.ts'

/** Long and with digits, a name may be a secret. */
const MAY_BE_REPEATED = /^[A-Za-z_[\].-]{1,32}$/
const MOST_NAMES = 10

/** The places of names in a request. */
type Kind = 'query parameter' | 'field' | 'attribute'

/** Where a token stands in the query of a request (RFC 6750 §2.3): that is for whoever authenticates it. */
const OF_THE_GATE = 'access_token'

/**
 * Refuses unknown query parameters by their names, if the dialect does so.
 *
 * @param own Those of the operation.
 * @throws Problem `invalid_parameter`
 */
export function refuseOtherParameters(
  query: string,
  own: readonly string[],
  { listParameters, idempotencyParameter }: Pick<Dialect, 'listParameters' | 'idempotencyParameter'>,
): void {
  if (listParameters === undefined || query === '') return
  const given = [...new URLSearchParams(query).keys()]
  refuseUnknown('query parameter', given, own, [OF_THE_GATE, idempotencyParameter ?? OF_THE_GATE])
}

/** @throws Problem `invalid_parameter` for fields that are not known, by their names */
export function refuseUnknownFields(given: readonly string[], known: readonly string[]): void {
  refuseUnknown('field', given, known, [])
}

/** @throws Problem `invalid_parameter` for attributes that a request may not give, by their names */
export function refuseUnknownAttributes(given: readonly string[], known: readonly string[]): void {
  refuseUnknown('attribute', given, known, [])
}

function refuseUnknown(
  kind: Kind,
  given: readonly string[],
  known: readonly string[],
  ignored: readonly string[],
): void {
  const unknown = new Set(given.filter((name) => !known.includes(name) && !ignored.includes(name)))
  if (unknown.size === 0) return
  const errors = [...unknown]
    .filter((name) => MAY_BE_REPEATED.test(name))
    .slice(0, MOST_NAMES)
    .map((parameter): Fault => ({ parameter, detail: detailOf(kind, parameter, known) }))
  const unnamed = `The request has an unknown ${kind}. Its name is not repeated here. ${thereAre(kind, known)}`
  throw new Problem('invalid_parameter', errors[0]?.detail ?? unnamed, { facts: errors.length === 0 ? {} : { errors } })
}

function detailOf(kind: Kind, name: string, known: readonly string[]): string {
  const meant = known.find((each) => folded(each) === folded(name))
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`
  return `${name} is not a known ${kind}.${question} ${thereAre(kind, known)}`
}

function thereAre(kind: Kind, known: readonly string[]): string {
  return known.length === 0 ? `This request takes no ${kind}.` : `Known are ${known.join(', ')}.`
}

/** Alike for `created_by`, `created-by` and `CreatedBy`. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}
