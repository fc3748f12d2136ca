import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { AUDIENCE, CI, HOUR, ISSUER, KEY, NOW, openAccess } from '../testing/open-access.ts'
import { createAccessTokens } from './access-tokens.ts'
import { generateAccessKey } from './keys/access-key.ts'
import type { ScheduledKey } from './keys/key-ring.ts'

const NEXT: ScheduledKey = { key: await generateAccessKey('ES256'), startsAt: new Date(NOW + HOUR) }
const LIFETIME_MS = 300_000
const TOLERANCE_MS = 5_000

/** Processes with keys of their own in front of one store, each with a cache, under clocks that a test moves. */
function openProcesses(...rings: readonly (readonly ScheduledKey[])[]) {
  const store = memoryStore()
  const processes = rings.map((keys) => {
    const clock = { now: NOW }
    const now = () => clock.now
    const tokens = createTokens({ store: cachedStore(store, { now }), prefix: 'ot_pat', now })
    const access = createAccessTokens({ tokens, issuer: ISSUER, audience: AUDIENCE, keys, now })
    return { tokens, access, clock }
  })
  const [one, two] = processes
  if (one === undefined || two === undefined) return expect.fail('two processes are needed')
  return {
    one,
    two,
    setClocks(at: number) {
      for (const { clock } of processes) clock.now = at
    },
  }
}

describe('createAccessTokens', () => {
  it('accepts in one process what another signed, and refuses it once the parent was revoked in any', async () => {
    const { one, two } = openProcesses([{ key: KEY }], [{ key: KEY }])
    const { secret, token } = await one.tokens.issue(CI)
    const { jwt } = await one.access.exchange(secret)
    for (const { access } of [one, two]) expect(await access.verify(jwt)).toMatchObject({ ok: true })
    await two.tokens.revoke('acme', token.id)
    for (const { access } of [one, two]) expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('asks the cache for the parent: it is read once, however often it is asked for', async () => {
    const { one, two } = openProcesses([{ key: KEY }], [{ key: KEY }])
    const { jwt } = await one.access.exchange((await one.tokens.issue(CI)).secret)
    for (const _ of [1, 2, 3]) await two.access.verify(jwt)
    expect(two.tokens.stats().cache).toMatchObject({ hits: 2, misses: 1 })
  })

  it('rotates keys without a gap: at each instant every process accepts what any has signed', async () => {
    const { one, two, setClocks } = openProcesses([{ key: KEY }, NEXT], [NEXT, { key: KEY }])
    const { secret } = await one.tokens.issue(CI)
    const signed: { jwt: string; at: number }[] = []
    const algorithms = new Set<string>()
    for (let at = NOW + HOUR - 2 * LIFETIME_MS; at <= NOW + HOUR + 2 * LIFETIME_MS; at += LIFETIME_MS / 10) {
      setClocks(at)
      const { jwt } = await one.access.exchange(secret)
      signed.push({ jwt, at })
      algorithms.add(JSON.parse(String(Buffer.from(jwt.split('.')[0] ?? '', 'base64url'))).alg)
      for (const each of signed) {
        const isLive = at < each.at + LIFETIME_MS + TOLERANCE_MS
        expect(await two.access.verify(each.jwt), `${each.at} at ${at}`).toMatchObject({ ok: isLive })
      }
    }
    expect([...algorithms]).toEqual(['EdDSA', 'ES256'])
  })

  it('accepts what a process whose clock is ahead has signed with the next key, or one behind with the last', async () => {
    const { one, two, setClocks } = openProcesses([{ key: KEY }, NEXT], [{ key: KEY }, NEXT])
    const { secret } = await one.tokens.issue(CI)
    setClocks(NOW + HOUR - TOLERANCE_MS)
    one.clock.now = NOW + HOUR
    expect(await two.access.verify((await one.access.exchange(secret)).jwt)).toMatchObject({ ok: true })
    one.clock.now = NOW + HOUR - 1_000
    const { jwt } = await one.access.exchange(secret)
    two.clock.now = NOW + HOUR - 1_000 + LIFETIME_MS + TOLERANCE_MS - 1
    expect(await two.access.verify(jwt)).toMatchObject({ ok: true })
  })

  it('refuses a key of another process that it does not know, which is why keys are published before they sign', async () => {
    const { one, two, setClocks } = openProcesses([{ key: KEY }, NEXT], [{ key: KEY }])
    const { secret } = await one.tokens.issue(CI)
    expect(await two.access.verify((await one.access.exchange(secret)).jwt)).toMatchObject({ ok: true })
    setClocks(NOW + HOUR)
    expect(await two.access.verify((await one.access.exchange(secret)).jwt)).toEqual({ ok: false, reason: 'malformed' })
  })

  it('decides on scopes as the tokens do', async () => {
    const { access, tokens } = await openAccess()
    for (const scopes of [['jobs:read'], []]) {
      const required = { scopes: ['jobs:read'] }
      expect(access.permits({ scopes }, required)).toBe(tokens.permits({ scopes }, required))
    }
  })
})
