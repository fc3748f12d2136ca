import { ClientError } from './client-error.ts'
import type { Token, TokenPage, Usage } from './token.ts'

export type JsonObject = Readonly<Record<string, unknown>>

const INSTANTS = [
  'createdAt',
  'updatedAt',
  'expiresAt',
  'lastUsedAt',
  'suspendedAt',
  'revokedAt',
  'overlapEndsAt',
] as const

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @throws ClientError `unexpected_answer` */
export function readToken(value: unknown): Token {
  if (!isObject(value) || typeof value['id'] !== 'string') throw unexpected('token')
  const instants = INSTANTS.map((name) => [name, readInstant(value[name], name)] as const)
  // The server writes every field. What it may add is handed on.
  return { ...value, ...Object.fromEntries(instants) } as unknown as Token
}

/** @throws ClientError `unexpected_answer` */
export function readPage({ tokens, next, usage }: JsonObject): TokenPage {
  if (!Array.isArray(tokens)) throw unexpected('tokens')
  if (next !== null && typeof next !== 'string') throw unexpected('next')
  return { tokens: tokens.map(readToken), next, usage: readUsage(usage) }
}

/** @throws ClientError `unexpected_answer` */
export function readUsage(value: unknown): Usage {
  if (!isObject(value) || !Number.isInteger(value['active'])) throw unexpected('usage')
  return value as unknown as Usage
}

/** @throws ClientError `unexpected_answer` */
export function readCount({ revoked }: JsonObject): number {
  if (typeof revoked !== 'number' || !Number.isInteger(revoked)) throw unexpected('revoked')
  return revoked
}

function readInstant(value: unknown, name: string): Date | null {
  if (value === null) return null
  const instant = new Date(typeof value === 'string' ? value : Number.NaN)
  if (Number.isNaN(instant.getTime())) throw unexpected(name)
  return instant
}

function unexpected(name: string): ClientError {
  return new ClientError(
    'unexpected_answer',
    `The answer has no ${name} as the dialect "standard" writes it: is "url" the path of the tokens?`,
  )
}
