import { flatCopy } from '@tessera/core'
import { parseInstant } from './instant.ts'
import { Problem, invalidParameter } from './problem.ts'

const DIGITS = /^[0-9]{1,10}$/

/**
 * Reads one query parameter.
 *
 * @returns `undefined` if it is missing.
 * @throws Problem `invalid_parameter` if it is given twice
 */
export function readText(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name)
  if (values.length > 1) throw invalidParameter(name, 'given once')
  return values[0]
}

/** @throws Problem `invalid_parameter` for anything but decimal digits within the range */
export function readInteger(
  query: URLSearchParams,
  name: string,
  range: { readonly from: number; readonly to?: number; readonly default: number },
): number {
  const text = readText(query, name)
  if (text === undefined) return range.default
  const value = DIGITS.test(text) ? Number(text) : Number.NaN
  const to = range.to ?? 2_147_483_647
  if (!(value >= range.from && value <= to)) throw invalidParameter(name, `an integer from ${range.from} to ${to}`)
  return value
}

/** @throws Problem `invalid_parameter` for anything but one of the choices */
export function readChoice<Choice extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = readText(query, name)
  if (text === undefined) return undefined
  const choice = choices.find((each) => each === text)
  if (choice === undefined) throw invalidParameter(name, `one of ${choices.join(', ')}`)
  return choice
}

/**
 * Reads an RFC 3339 date-time; `null` if it is missing.
 *
 * @throws Problem `invalid_parameter` for anything else
 */
export function readInstant(query: URLSearchParams, name: string): Date | null {
  const text = readText(query, name)
  if (text === undefined) return null
  const instant = parseInstant(text)
  if (instant !== null) return instant
  throw invalidParameter(name, 'an RFC 3339 date-time, e.g. 2030-01-31T00:00:00Z (in a URL, + is written as %2B)')
}

/** The idempotency key of a change: from the header, or from a query parameter if the API has one. */
export function readIdempotencyKey(
  request: { readonly headers: Readonly<Record<string, readonly string[] | undefined>>; readonly query: string },
  parameter: string | undefined,
): string | undefined {
  const fromHeader = request.headers['idempotency-key'] ?? []
  const fromQuery = parameter === undefined ? [] : new URLSearchParams(request.query).getAll(parameter)
  // A store keeps it, and must not keep the rest of the query, where `access_token` may stand.
  const keys = [...fromHeader, ...fromQuery.map(flatCopy)]
  if (keys.length > 1) throw new Problem('invalid_request', 'The request carries more than one idempotency key.')
  return keys[0]
}
