import { hash } from 'node:crypto'
import { isString } from '@tessera/core'
import { checkSystem, textRule } from './check-system.ts'
import { instantIn, isUnset, jsonIn, nameIn, startPreview, textIn, tokenOf } from './columns.ts'
import { BASE64URL_SHA256, digestIn } from './digest-column.ts'
import { LegacyRowError } from './system.ts'
import type { LegacyRow, LegacySystem, SystemOptions } from './system.ts'

const SECRET = /^[\x21-\x7E]{16,255}$/

export interface PrefixOptions extends SystemOptions {
  /** The start of every secret. Without one, every text of 16 visible characters and more is looked for. */
  readonly prefix?: string
}

/**
 * The API keys of better-auth: the SHA-256 of the whole key, base64url, in `key`. The owner is `referenceId`, earlier `userId`.
 * `permissions` such as `{"jobs":["read"]}` become `jobs:read`. Limits of requests are not kept.
 */
export function betterAuth(options: PrefixOptions = {}): LegacySystem {
  checkSystem('betterAuth', options, { prefix: textRule })
  const { prefix = '' } = options
  return {
    name: 'better-auth',
    read: (secret) => (isLike(secret, prefix) ? { digest: hash('sha256', secret, 'base64url') } : null),
    row(row) {
      const changedAt = instantIn(row, 'updatedAt')
      const columns = {
        digest: digestIn(row, 'key', BASE64URL_SHA256),
        owner: textIn(row, 'referenceId', 'userId'),
        ...nameIn(row),
        scopes: () => permissionsIn(row),
        ...startPreview(textIn(row, 'start')),
        createdAt: instantIn(row, 'createdAt'),
        expiresAt: instantIn(row, 'expiresAt'),
        lastUsedAt: instantIn(row, 'lastRequest'),
        suspendedAt: isUnset(row, 'enabled') ? (changedAt ?? new Date(0)) : null,
      }
      return tokenOf(row, columns, options)
    },
  }
}

/** Whether a text of visible characters begins with a prefix, and goes on for some more. */
export function isLike(secret: string, prefix: string): boolean {
  return SECRET.test(secret) && secret.startsWith(prefix) && secret.length >= prefix.length + 16
}

/** @throws LegacyRowError for anything but lists of actions by resource */
function permissionsIn({ permissions }: LegacyRow): readonly string[] {
  const value = typeof permissions === 'string' ? jsonIn(permissions || 'null') : (permissions ?? null)
  const resources = typeof value === 'object' ? Object.entries(value ?? {}) : null
  if (resources?.every((each): each is [string, string[]] => areTexts(each[1])) !== true)
    throw new LegacyRowError('permissions is no object of lists of actions')
  return resources.flatMap(([resource, actions]) => actions.map((action) => `${resource}:${action}`))
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isString)
}
