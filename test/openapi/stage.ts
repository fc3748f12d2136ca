import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Tokens, TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { breakable } from '../../packages/http/testing/breakable-store.ts'
import type { Breakable } from '../../packages/http/testing/breakable-store.ts'

/** What a request has in place of what a good one has. */
export interface Visit {
  readonly secret?: string | null
  readonly id?: string
  readonly owner?: string
  readonly query?: string
  readonly key?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly json?: unknown
  readonly body?: string
}

/** The tokens of one API, as they call it. */
export interface Cast {
  readonly owner: string
  /** Another owner, with as many active tokens as it may have, and with no idempotency key left. */
  readonly crowded: string
  /** The secrets of tokens: one with every scope, one of these that ends soon, one of the crowded owner, and some with less. */
  readonly secrets: Readonly<Record<'all' | 'brief' | 'crowded' | 'manage' | 'nothing' | 'revoked', string>>
  /** The id of a revoked token. */
  readonly ended: string
  /** A rotated token of the crowded owner. Another token has taken the place of its successor. */
  readonly displaced: string
  /** An id that no token has. */
  readonly unknown: string
  /** An idempotency key of the owner, used before. */
  readonly usedKey: string
  /** The header that a secret is sent in. Default `Authorization: Bearer`. */
  readonly credential?: (secret: string) => readonly [name: string, value: string]
  /** Of an API with forms: fields of each, such as a client's, and more requests with one. */
  readonly forms?: { readonly fields: string; readonly visits: readonly Visit[] }
  /** Issues a token to act on. Default with every scope. */
  target(scopes?: readonly string[]): Promise<{ readonly id: string; readonly secret: string }>
}

/** As many idempotency keys as an owner may use, those of `revoke` and `suspend` included. */
const MOST_KEYS = 11_000
const HOUR_MS = 60 * 60 * 1000

/** A store that fails on demand, and shows that these owners have used all their idempotency keys. */
export function stageStore(crowded: readonly string[]): Breakable {
  const memory = memoryStore()
  const change: TokenStore['change'] = (owner, wants, decide) =>
    memory.change(owner, wants, (seen) =>
      decide(seen.keys === null || !crowded.includes(owner) ? seen : { ...seen, keys: MOST_KEYS }),
    )
  return breakable({ ...memory, change })
}

export async function castOf(tokens: Tokens, owner: string, crowded: string): Promise<Cast> {
  const every = tokens.rules.scopes ?? []
  const issue = (of: string, scopes: readonly string[]) => tokens.issue({ owner: of, name: 'Cast', scopes })
  const target = async (scopes = every) => {
    const { token, secret } = await issue(owner, scopes)
    return { id: token.id, secret }
  }
  const usedKey = 'used'
  await tokens.issue({ owner, name: 'Of a key', scopes: [], idempotencyKey: usedKey })
  const revoked = await issue(owner, every)
  await tokens.revoke(owner, revoked.token.id)

  const displaced = (await issue(crowded, [])).token.id
  await tokens.revoke(crowded, (await tokens.rotate(crowded, displaced)).token.id)
  const expiresAt = new Date(Date.now() + HOUR_MS)
  const secrets = {
    brief: (await tokens.issue({ owner, name: 'Brief', scopes: every, expiresAt })).secret,
    all: (await issue(owner, every)).secret,
    manage: (
      await issue(
        owner,
        every.filter((scope) => scope.startsWith('tokens:')),
      )
    ).secret,
    nothing: (await issue(owner, [])).secret,
    revoked: revoked.secret,
    crowded: (await issue(crowded, every)).secret,
  }
  for (let held = 1; held < (tokens.rules.activeLimit ?? 0); held += 1) await issue(crowded, [])
  const gone = (await issue(owner, [])).token.id
  const unknown = gone.slice(0, -3) + (gone.endsWith('000') ? '111' : '000')
  return { owner, crowded, secrets, ended: revoked.token.id, displaced, unknown, usedKey, target }
}

/** An app on a port of its own. */
export async function serve(app: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
