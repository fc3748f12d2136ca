import { randomBytes, timingSafeEqual } from 'node:crypto'
import { digestSecret } from '@tessera/core'
import type { FindClient, OAuthClient } from './require-client.ts'

/**
 * Clients by id, each with its secret, or with several during a change. Digests are compared in constant time, also for
 * an unknown id.
 *
 * @throws TypeError for a secret that is no text of at least 16 characters, with the client's id
 * @example
 * introspectionHandler(tokens, { client: clientSecrets({ 'resource-server': process.env.RESOURCE_SERVER_SECRET }) })
 */
export function clientSecrets(secrets: Readonly<Record<string, string | readonly string[] | undefined>>): FindClient {
  const clients = new Map(Object.entries(secrets).map(([id, kept]) => [id, readClient(id, kept)]))
  if (clients.size === 0) throw new TypeError('clientSecrets: give at least one client')
  const nobody = { client: null, digests: [digest(randomBytes(32).toString('base64'))] }

  return (credentials) => {
    if (credentials.method === 'Bearer') return null
    const presented = digest(credentials.secret)
    const { client, digests } = clients.get(credentials.id) ?? nobody
    return digests.filter((each) => timingSafeEqual(each, presented)).length > 0 ? client : null
  }
}

function readClient(id: string, kept: unknown): { client: OAuthClient; digests: readonly Buffer[] } {
  const secrets: readonly unknown[] = Array.isArray(kept) ? kept : [kept]
  if (id === '' || secrets.length === 0 || !secrets.every(isSecret)) {
    throw new TypeError(
      `clientSecrets: the secret of "${id}" must be a text of at least 16 characters, or a list of such`,
    )
  }
  return { client: Object.freeze({ id }), digests: secrets.map(digest) }
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 16
}

function digest(secret: string): Buffer {
  return Buffer.from(digestSecret(secret))
}
