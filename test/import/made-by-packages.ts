import { randomBytes } from 'node:crypto'
import { betterAuth as apiOf, type BetterAuthOptions } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { apiKey } from '@better-auth/api-key'
import { betterAuth, prefixedApiKey } from '@tessera/import'
import { hash } from 'bcryptjs'
import { generateAPIKey } from 'prefixed-api-key'
import { column } from './golden.ts'
import type { Golden } from './golden.ts'

/** Secrets and rows made by the packages themselves. */
export async function madeByPackages(): Promise<readonly Golden[]> {
  return [await madeByBetterAuth(), await madeByPrefixedApiKey(), await madeByBcrypt()]
}

async function madeByBetterAuth(): Promise<Golden> {
  const kept: Record<string, Record<string, unknown>[]> = {
    ...{ user: [], session: [], account: [], verification: [], apikey: [] },
  }
  const database = memoryAdapter(kept)
  const options: BetterAuthOptions = { baseURL: 'http://localhost', secret: randomBytes(32).toString('hex'), database }
  const auth = apiOf({ ...options, plugins: [apiKey({ defaultPrefix: 'acme_' })] })
  const permissions = { jobs: ['read'] }
  const { key } = await auth.api.createApiKey({ body: { userId: 'acme', name: 'CI', permissions } })
  const [row = {}] = kept['apikey'] ?? []
  return { name: 'better-auth', system: betterAuth({ prefix: 'acme_' }), secret: key, row }
}

async function madeByPrefixedApiKey(): Promise<Golden> {
  const { token = '', ...row } = await generateAPIKey({ keyPrefix: 'acme' })
  const system = prefixedApiKey({ prefix: 'acme' })
  return { name: 'prefixed-api-key', system, secret: token, row: { ...row, owner: 'acme', scopes: ['jobs:read'] } }
}

async function madeByBcrypt(): Promise<Golden> {
  const secret = 'key1.bcryptSecret0000000000'
  const row = { owner: 'acme', lookup: 'key1', hash: await hash(secret, 4), scopes: ['jobs:read'] }
  return { name: 'bcrypt', system: column, secret, row }
}
