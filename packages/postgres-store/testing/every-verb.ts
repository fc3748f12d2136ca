import { createTokens } from '@tessera/core'
import type { TokenStore } from '@tessera/core'

const HOUR_MS = 3_600_000

/** Calls every verb once that asks the store for something, and the feed. */
export async function callEveryVerb(store: TokenStore, owner: string): Promise<void> {
  await using tokens = createTokens({ store, prefix: 'ot_pat', activeLimit: 20, recordUseEveryMs: 1 })
  const before = await store.feed?.revision()
  const request = { owner, name: 'CI', scopes: ['jobs:read'] }
  const { secret, token } = await tokens.issue({ ...request, expiresAt: new Date(Date.now() + HOUR_MS) })
  await tokens.issue({ ...request, idempotencyKey: 'issue' })
  await tokens.issue({ ...request, idempotencyKey: 'issue' })
  await tokens.verify(secret)
  await tokens.flush()
  await tokens.checkById(owner, token.id)
  await tokens.introspect(secret)
  await tokens.explain(secret)
  await tokens.get(owner, token.id)
  await tokens.findById(token.id)
  for (const by of ['createdAt', 'id', 'lastUsedAt', 'status'] as const) {
    await tokens.list(owner, { sort: { by, direction: 'desc' }, window: { offset: 1, limit: 1 } })
  }
  await tokens.list(owner, { statuses: ['active'], name: 'c', window: { after: null, limit: 1 } })
  await tokens.edit(owner, token.id, { name: 'CI 2', expiresAt: null }, { idempotencyKey: 'edit' })
  await tokens.suspend(owner, token.id)
  await tokens.resume(owner, token.id)
  const rotated = await tokens.rotateSecret(secret)
  await tokens.verify(rotated?.secret)
  const again = await tokens.rotate(owner, rotated?.token.id ?? '')
  await tokens.revokeSecret(again.secret)
  const other = await tokens.issue(request)
  await tokens.revoke(owner, other.token.id, { idempotencyKey: 'revoke' })
  await tokens.listUnused(owner, { unusedForMs: HOUR_MS })
  await tokens.revokeUnused(owner, { unusedForMs: HOUR_MS, evenIfNoneWasUsed: true })
  await tokens.revokeAll(owner, { idempotencyKey: 'revoke-all' })
  await tokens.prune({ keepMs: 0 })
  await store.feed?.changesSince(before ?? '')
}
