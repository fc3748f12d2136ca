import { createTokens } from '@tessera/core'
import type { TokenStore, Tokens, Verification } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { cachedStore } from './cached-store.ts'
import type { Freshness } from './options.ts'

const LEASE_MS = 100

/** Apps as of several processes, and the number of times that their store was asked anything but to change a token. */
async function apps(...freshness: Freshness[]) {
  const memory = memoryStore({ leaseMs: LEASE_MS })
  let asked = 0
  const feed: NonNullable<TokenStore['feed']> = {
    ...memory.feed,
    async leasedChangesSince(revision) {
      asked += 1
      return (await memory.feed.leasedChangesSince?.(revision)) ?? expect.unreachable()
    },
  }
  const open = (each: Freshness) =>
    createTokens({ store: cachedStore({ ...memory, feed }, { freshness: each }), prefix: 'ot_pat' })
  const tokens = freshness.map(open)
  const { secret, token } = await (tokens[0] as Tokens).issue({ owner: 'acme', name: 'ci', scopes: ['jobs:read'] })
  for (const each of tokens) await each.verify(secret)
  return { tokens: tokens as [Tokens, ...Tokens[]], secret, id: token.id, asked: () => asked }
}

describe('cachedStore, leased', () => {
  it('answers from memory without asking the store, while the lease counts', async () => {
    const { tokens, secret, asked } = await apps('leased')
    const [app] = tokens
    const before = asked()
    const answers: Verification[] = []
    for (let number = 0; number < 20; number += 1) answers.push(await app.verify(secret))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(asked() - before).toBeLessThan(20)
    const { hits, readings, lease } = app.stats().cache ?? expect.unreachable()
    expect({ hits, lengthMs: lease?.lengthMs }).toEqual({ hits: 20, lengthMs: LEASE_MS })
    expect(lease?.answered).toBeGreaterThanOrEqual(20 - readings)
  })

  it.each(['leased', 'confirmed', 'none', { maxStalenessMs: 1_000 }] as const)(
    'refuses a token everywhere once its revocation is acknowledged by a process with freshness %j',
    async (freshness) => {
      const { tokens, secret, id } = await apps(freshness, 'leased', 'leased')
      const [revoking, ...others] = tokens
      const use = { goesOn: true }
      const acknowledged = revoking.revoke('acme', id).finally(() => {
        use.goesOn = false
      })
      // Their leases are renewed until then.
      while (use.goesOn) {
        for (const app of others) await app.verify(secret)
        await new Promise(setImmediate)
      }
      await acknowledged
      const answers = await Promise.all(others.map((app) => app.verify(secret)))
      expect(answers).toEqual(others.map(() => ({ ok: false, reason: 'revoked' })))
    },
  )
})
