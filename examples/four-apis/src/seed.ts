import type { Tokens, TokenStore } from '@tessera/core'
import { apiNames, apis, createAllTokens, pathFor } from './apis.ts'
import type { Api, ApiName } from './apis.ts'

export interface SeededToken {
  readonly id: string
  readonly secret: string
  readonly owner?: string
  readonly list?: string
}

export type Seeds = Readonly<Record<string, SeededToken>>

const SECOND = 1000
const MINUTE = 60 * SECOND

/**
 * Issues the demonstration tokens of every API, whatever the limit of active tokens. A clock in the past minute, which
 * moves on with each token, keeps their order and lets one of them expire at once.
 */
export async function seedAll(store: TokenStore): Promise<Readonly<Record<ApiName, Seeds>>> {
  const clock = { now: Date.now() - MINUTE }
  const tokens = createAllTokens({ store, activeLimit: null, now: () => clock.now })
  const seeds = new Map<ApiName, Seeds>()
  for (const name of apiNames) seeds.set(name, await seed(apis[name], tokens[name], clock))
  return Object.fromEntries(seeds) as Record<ApiName, Seeds>
}

async function seed(api: Api, tokens: Tokens, clock: { now: number }): Promise<Seeds> {
  const { owner, otherOwner, createdBy } = api
  const every = api.options.scopes ?? []

  async function issue(name: string, request: { owner?: string; scopes?: readonly string[]; expiresAt?: Date } = {}) {
    clock.now += SECOND
    const { token, secret } = await tokens.issue({ owner, scopes: every, createdBy, ...request, name })
    return { id: token.id, secret }
  }

  const valid = await issue('Valid')
  const spare = await issue('Spare')
  const caller = await issue('Caller')
  const noScope = await issue('No scope', { scopes: [] })
  const revoked = await issue('Revoked')
  await tokens.revoke(owner, revoked.id)
  const expired = await issue('Expired', { expiresAt: new Date(clock.now + 2 * SECOND) })
  const suspended = await issue('Suspended')
  await tokens.suspend(owner, suspended.id)
  const other = await issue('Other owner', { owner: otherOwner })
  const otherPath = api.path.includes(':orgID') ? { list: pathFor(api.path, otherOwner) } : {}
  return {
    valid,
    spare,
    caller,
    noScope,
    revoked,
    expired,
    suspended,
    otherOwner: { ...other, owner: otherOwner, ...otherPath },
  }
}
