import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import { TokenError } from '../token/errors.ts'

const MINUTE = 60_000
const MAX_MS = 20 * MINUTE
const SLIDING_MS = 5 * MINUTE
const OWNER = 'acme'
const ALL = ['admin', 'jobs:read']

/** A number names one of the tokens that the holder got hold of, or with `on` any of the owner's; a time counts from now. */
type Act =
  | { readonly do: 'wait'; readonly ms: number }
  | (By & { readonly do: 'use' | 'rotateSecret' | 'issue' })
  | (By & { readonly do: 'rotate' | 'edit'; readonly on: number; readonly scopes: string[] | undefined })

interface By {
  readonly by: number
  readonly expiresIn: number | null | undefined
}

const by = fc.nat(9)
const expiresIn = fc.option(fc.option(fc.integer({ min: 1, max: 40 * MINUTE }), { freq: 5 }), { nil: undefined })
const scopes = fc.option(fc.subarray(ALL), { nil: undefined })
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4 * MINUTE }) }),
  fc.record({ do: fc.constantFrom('use', 'rotateSecret', 'issue'), by, expiresIn }),
  fc.record({ do: fc.constantFrom('rotate', 'edit'), by, on: fc.nat(9), expiresIn, scopes }),
)

/** The holder of one token, and all that it can make of it. A person issued another, which is not `admin`. */
async function holding(expiryCeiling: Date, facts: { expiresAt?: Date }) {
  const expiry = { slidingMs: SLIDING_MS, maxMs: MAX_MS }
  const { tokens, clock } = openTokens({ expiry, recordUseEveryMs: 0, activeLimit: null })
  const first = await tokens.issue({ owner: OWNER, name: 'held', scopes: ALL, expiryCeiling, ...facts })
  const other = await tokens.issue({ owner: OWNER, name: 'other', scopes: ['jobs:read'] })
  const held: { readonly id: string; readonly secret: string }[] = []
  const hold = (made: { token: { id: string }; secret: string | null } | null) => {
    if (typeof made?.secret === 'string') held.push({ id: made.token.id, secret: made.secret })
  }
  hold(first)

  const instantIn = (ms: number | null | undefined) => (ms === null || ms === undefined ? ms : new Date(clock.now + ms))

  async function perform(wish: Act): Promise<void> {
    if (wish.do === 'wait') return void (clock.now += wish.ms)
    const { id, secret } = held[wish.by % held.length] ?? expect.fail('the holder holds nothing')
    const expiresAt = instantIn(wish.expiresIn)
    const asked = { actor: { id }, expiresAt }
    switch (wish.do) {
      case 'use':
        return void (await tokens.verify(secret))
      case 'rotateSecret':
        return hold(await tokens.rotateSecret(secret, { expiresAt }))
      case 'issue':
        return hold(await tokens.issue({ owner: OWNER, name: 'made', scopes: ALL, ...asked }))
      case 'rotate':
        return hold(await tokens.rotate(OWNER, anyOf(wish.on), asked))
      case 'edit':
        await tokens.edit(OWNER, anyOf(wish.on), { expiresAt, scopes: wish.scopes }, { actor: { id } })
    }
  }

  function anyOf(number: number): string {
    const all = [...held.map(({ id }) => id), other.token.id]
    return all[number % all.length] ?? other.token.id
  }

  return {
    tokens,
    clock,
    held,
    other,
    async act(wish: Act): Promise<void> {
      await perform(wish).catch((error: unknown) => {
        if (!(error instanceof TokenError)) throw error
      })
      await tokens.flush()
    },
  }
}

describe('what a token can make', () => {
  it('never outlives the ceiling of the token nor its longest lifetime, whatever is issued, used, rotated and edited', async () => {
    const fixed = fc.option(fc.integer({ min: 1, max: 15 * MINUTE }), { nil: undefined })
    const ceiling = fc.integer({ min: 15 * MINUTE, max: 30 * MINUTE })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), ceiling, fixed, async (acts, ceilingMs, lifetime) => {
        const facts = lifetime === undefined ? {} : { expiresAt: new Date(NOW + lifetime) }
        const { tokens, clock, held, other, act: perform } = await holding(new Date(NOW + ceilingMs), facts)
        const end = NOW + (lifetime ?? Math.min(ceilingMs, MAX_MS))
        for (const each of acts) if (clock.now < end) await perform(each)
        // Whoever holds secrets uses all of them to the end.
        for (; clock.now < end; clock.now = Math.min(end, clock.now + 2 * MINUTE)) {
          for (const { secret } of [...held, other]) await tokens.verify(secret)
          await tokens.flush()
        }
        for (const { secret } of held) expect((await tokens.verify(secret)).ok).toBe(false)
        expect(await tokens.authenticate(other.secret, { scopes: ['admin'] })).toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})
