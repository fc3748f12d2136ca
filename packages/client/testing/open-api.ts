import { createAccessTokens, exchangeHandler, generateAccessKey } from '@tessera/access-jwt'
import type { AccessTokens } from '@tessera/access-jwt'
import { createTokens } from '@tessera/core'
import type { Token, Tokens } from '@tessera/core'
import { serveHandler, tokenHandler } from '@tessera/fetch'
import { memoryStore } from '@tessera/memory-store'
import { createClient } from '../src/client.ts'
import type { Client } from '../src/client.ts'
import type { ClientOptions } from '../src/client-options.ts'
import { startFaultServer } from './fault-server.ts'
import type { FaultServer } from './fault-server.ts'
import { stepTimer } from './step-timer.ts'
import type { StepTimer } from './step-timer.ts'

const SCOPES = ['jobs:read', 'tokens:read', 'tokens:write', 'tokens:revoke-all']
export const OWNER = 'acme'

export interface OpenApi extends FaultServer {
  readonly tokens: Tokens
  readonly access: AccessTokens
  readonly timer: StepTimer
  /** The client's own token. */
  readonly own: Token
  readonly secret: string
  /** A client of this server, by that token. */
  client(options?: Partial<ClientOptions>): Client
  /** The names of the active tokens, in their order. */
  active(): Promise<readonly string[]>
}

const key = await generateAccessKey()

/** Tokens of `acme` on a real socket, in a memory store of their own. */
export async function openApi(): Promise<OpenApi> {
  const timer = stepTimer()
  const { now } = timer
  const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat', activeLimit: null, now })
  const issuer = 'https://api.acme.test'
  const access = createAccessTokens({ tokens, issuer, audience: issuer, keys: [{ key }], lifetimeMs: 300_000, now })
  const { token: own, secret } = await tokens.issue({ owner: OWNER, name: 'Own', scopes: SCOPES })
  const manage = tokenHandler(tokens, { basePath: '/tokens', attributes: ['team'] })
  const exchange = serveHandler(exchangeHandler(access))
  const server = await startFaultServer(async (request) =>
    new URL(request.url).pathname === '/exchange' ? exchange(request) : manage(request),
  )
  const active = async () => {
    const { tokens: found } = await tokens.list(OWNER, { statuses: ['active'], window: 'all' })
    return found.map(({ name }) => name).sort()
  }
  const client = (options: Partial<ClientOptions> = {}) =>
    createClient({
      url: `${server.url}/tokens`,
      ...(options.authorization === undefined && { token: secret }),
      timer,
      ...options,
    })
  return { ...server, tokens, access, timer, own, secret, client, active }
}
