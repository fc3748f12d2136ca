import { TokenError } from '@tessera/core'
import { lineOf } from '../terminal/line-of.ts'

const OPTIONS: ReadonlyMap<unknown, string> = new Map([
  ['owner', 'OWNER'],
  ['id', 'ID'],
  ['name', '--name'],
  ['scope', '--scope'],
  ['scopes', '--scope'],
  ['statuses', '--status'],
  ['exceptId', '--except'],
  ['issuedBy', '--issued-by'],
  ['issuedBefore', '--created-before'],
  ['createdBy', '--created-by'],
  ['expiresAt', '--expires'],
  ['expiresBefore', '--expires-before'],
  ['unusedSince', '--unused-since'],
  ['networks', '--network'],
  ['ip', '--ip'],
  ['by', '--actor'],
])
const DURATIONS: ReadonlyMap<unknown, string> = new Map([
  ['overlapMs', '--overlap must be a duration from 0s to 30d'],
  ['keepMs', '--keep must be a duration from 0s to 36500d'],
])

/** Whether the tokens refused an argument, rather than the change. */
export function isWrongArgument(error: unknown): error is TokenError {
  return error instanceof TokenError && error.code === 'invalid_parameter'
}

/** The message of an error, in one line. A wrong argument has the name of its option, not of core's parameter. */
export function refusalIn(error: unknown): string {
  if (!isWrongArgument(error)) return lineOf(error)
  const { parameter, right } = error.details
  const option = OPTIONS.get(parameter)
  return DURATIONS.get(parameter) ?? (option === undefined ? lineOf(error) : `${option} must be ${right}`)
}
