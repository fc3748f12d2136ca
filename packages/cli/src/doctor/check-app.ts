import { DAY_MS } from '@tessera/core'
import type { Token } from '@tessera/core'
import type { App } from '../tokens/app.ts'
import { diagnose } from './diagnosis.ts'
import type { Diagnosis } from './diagnosis.ts'

const SKEW_MS = 2_000
const SLOW_MS = 1_000
const NOBODY = 'tessera-doctor'

/** The store behind the tokens: whether it answers, its policy, its clock and its feed. */
export async function checkStore({ tokens, store }: App, now: () => number): Promise<readonly Diagnosis[]> {
  const checks = [
    diagnose('store', async () => {
      await tokens.usage(NOBODY) // Connects.
      const begun = performance.now()
      await tokens.usage(NOBODY)
      const took = Math.round(performance.now() - begun)
      return { ok: took < SLOW_MS, detail: `answered in ${took} ms` }
    }),
  ]
  const { ready, clock, feed } = store ?? {}
  if (ready !== undefined)
    checks.push(
      diagnose('policy', async () => {
        await ready.call(store)
        return { ok: true, detail: 'the server keeps what is acknowledged' }
      }),
    )
  if (clock !== undefined)
    checks.push(
      diagnose('clock', async () => {
        const before = now()
        const skew = (await clock.call(store)) - (before + now()) / 2
        return { ok: Math.abs(skew) < SKEW_MS, detail: `the store is ${Math.round(skew)} ms ahead of this machine` }
      }),
    )
  if (feed !== undefined)
    checks.push(
      diagnose('feed', async () => {
        await feed.revision()
        const begun = performance.now()
        await feed.changesSince(await feed.revision())
        return {
          ok: performance.now() - begun < SLOW_MS,
          detail: `read in ${Math.round(performance.now() - begun)} ms`,
        }
      }),
    )
  return Promise.all(checks)
}

/** One owner's tokens: those without an end, unused ones, and scopes that the catalogue has no more. */
export async function checkOwner({ tokens }: App, owner: string, now: number): Promise<readonly Diagnosis[]> {
  let all: readonly Token[] = []
  const listed = await diagnose(`${owner}: list`, async () => {
    all = (await tokens.list(owner, { statuses: ['active', 'suspended'], window: 'all' })).tokens
    return { ok: true, detail: `${all.length} tokens` }
  })
  if (!listed.ok) return [listed]
  const eternal = all.filter(({ expiresAt }) => expiresAt === null)
  const unused = all.filter(({ lastUsedAt, createdAt }) => (lastUsedAt ?? createdAt).getTime() < now - 90 * DAY_MS)
  const { scopes } = tokens.rules
  const drifted = all.filter((token) => scopes !== null && token.scopes.some((scope) => !scopes.includes(scope)))
  const row = (check: string, found: readonly { readonly id: string }[], what: string): Diagnosis => ({
    check: `${owner}: ${check}`,
    ok: found.length === 0,
    detail:
      found.length === 0
        ? 'none'
        : `${found.length} ${what}: ${found
            .slice(0, 5)
            .map(({ id }) => id)
            .join(', ')}${found.length > 5 ? ', …' : ''}`,
  })
  return [
    row('expiry', eternal, 'tokens without an end'),
    row('use', unused, 'tokens not used for 90 days'),
    row('catalogue', drifted, 'tokens with scopes outside the catalogue'),
  ]
}
