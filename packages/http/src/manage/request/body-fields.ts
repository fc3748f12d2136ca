import type { Dialect } from '../../dialects/dialect.ts'
import { Problem, invalidParameter } from '../../message/problem.ts'
import type { JsonObject } from '../../message/read-body.ts'
import { refuseUnknownFields } from './unknown-names.ts'

const OWNER_FIELDS: ReadonlySet<string> = new Set([
  'owner',
  'ownerId',
  'userId',
  'account_id',
  'org_id',
  'organizationId',
])

/**
 * Refuses all other fields of a body: a mistyped name would otherwise be ignored without notice. Refused names are
 * repeated in dialects with `listParameters`; in others only an owner's.
 *
 * @throws Problem `invalid_parameter`
 */
export function refuseOtherFields(
  body: JsonObject,
  fields: readonly string[],
  { listParameters }: Pick<Dialect, 'listParameters'>,
): void {
  const others = Object.keys(body).filter((name) => !fields.includes(name))
  for (const name of others) {
    if (OWNER_FIELDS.has(name)) throw invalidParameter(name, 'left out: the owner is the caller')
    if (listParameters !== undefined) refuseUnknownFields(others, fields)
    const beside = fields.length === 0 ? 'where it takes none' : `beside ${fields.join(', ')}`
    throw new Problem('invalid_parameter', `The body has a field ${beside}`)
  }
}

/** @throws Problem `missing_parameter` */
export function requireField(body: JsonObject, name: string): unknown {
  if (Object.hasOwn(body, name)) return body[name]
  throw new Problem('missing_parameter', `${name} is required`, { facts: { parameter: name } })
}

/** @throws Problem `invalid_parameter` */
export function asName(value: unknown): string {
  if (typeof value !== 'string') throw invalidParameter('name', 'a string')
  return value
}

/** @throws Problem `invalid_parameter` */
export function asScopes(value: unknown): readonly string[] {
  if (!isStringList(value)) throw invalidParameter('scopes', 'an array of strings')
  return value
}

/**
 * Reads the networks of a body: `undefined` if it has none, `null` for any.
 *
 * @throws Problem `invalid_parameter`
 */
export function readNetworks(body: JsonObject): readonly string[] | null | undefined {
  if (!Object.hasOwn(body, 'networks')) return undefined
  const { networks } = body
  if (networks !== null && !isStringList(networks)) throw invalidParameter('networks', 'null or an array of strings')
  return networks
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
