import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import { feedOf } from './fixture.ts'
import type { Fixture } from './fixture.ts'

/** Something that is done once while the server counts. */
export interface Operation {
  readonly name: string
  /** Off the count. */
  readonly prepare?: () => Promise<unknown>
  readonly work: () => Promise<unknown>
}

const AT_ONCE = 64
const SCOPES = ['jobs:read', 'runs:read', 'runs:write']

/** What there is to count, by the name it has in the code. A script that the server has not seen yet takes one call more. */
export async function operationsOf({ client, keys, store, uncached }: Fixture): Promise<Record<string, Operation>> {
  const { tokens, secrets } = uncached
  const feed = feedOf(store)
  const [secret = ''] = secrets
  const [key = ''] = keys
  const some = secrets.slice(0, AT_ONCE)
  const cached = createTokens({ store: cachedStore(store), prefix: 'ot_pat', recordUseEveryMs: 3_600_000 })
  const issue = () => tokens.issue({ owner: 'counted', name: 'ci-deploy', scopes: SCOPES })
  const verifyCached = () => Promise.all(some.map((one) => cached.verify(one)))
  const [first, second] = [await issue(), await issue()]
  const owners = await Promise.all(['owner-0', 'owner-1'].map((owner) => tokens.list(owner)))
  const recordUse = (uses: readonly { readonly owner: string; readonly id: string }[], at: number) =>
    store.recordUse(uses.map(({ owner, id }) => ({ owner, id, at })))
  const used = owners.flatMap(({ tokens }) => tokens)
  const usedAt = Date.now() + 60_000
  return {
    getRecord: { name: 'GETEX of the record', work: () => client.getexBuffer(key, 'PERSIST') },
    readRevision: { name: 'reading of the revision', prepare: () => feed.revision(), work: () => feed.revision() },
    verify: { name: 'verify', work: () => tokens.verify(secret) },
    verifyMalformed: { name: 'verify, malformed', work: () => tokens.verify(`${secret.slice(0, -1)}!`) },
    verifyTogether: {
      name: `verify, ${AT_ONCE} at once`,
      work: () => Promise.all(some.map((one) => tokens.verify(one))),
    },
    verifyCached: {
      name: `verify, 'confirmed', ${AT_ONCE} cached at once`,
      prepare: verifyCached,
      work: verifyCached,
    },
    verifyCachedTwice: {
      name: `the same, and ${AT_ONCE} more while it is under way`,
      prepare: verifyCached,
      async work() {
        const under = verifyCached()
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
        await Promise.all([under, verifyCached()])
      },
    },
    issue: { name: 'issue', prepare: issue, work: issue },
    revoke: {
      name: 'revoke',
      prepare: () => tokens.revoke('counted', first.token.id),
      work: () => tokens.revoke('counted', second.token.id),
    },
    recordUse: {
      name: `recordUse of ${used.length} tokens of 2 owners`,
      prepare: () => recordUse(used, usedAt),
      work: () => recordUse(used, usedAt + 1),
    },
  }
}
