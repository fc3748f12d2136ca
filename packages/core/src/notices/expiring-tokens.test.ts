import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { TokenEvent } from '../observe/token-event.ts'
import type { TokensOptions } from '../setup/options.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const WEEK = { withinMs: 7 * DAY_MS }

/** Two processes on one store, with one clock. */
function twoProcesses(options: Partial<TokensOptions> = {}) {
  const store = memoryStore()
  const clock = { now: NOW }
  const events: Extract<TokenEvent, { type: 'expiring' }>[] = []
  const onEvent = (event: TokenEvent) => void (event.type === 'expiring' && events.push(event))
  const open = () => openTokens({ store, now: () => clock.now, onEvent, activeLimit: null, ...options }).tokens
  const [tokens, other] = [open(), open()]
  const issue = async (days: number | null, facts = {}) => {
    const expiresAt = days === null ? null : new Date(clock.now + days * DAY_MS)
    return tokens.issue({ owner: 'acme', name: 'CI', scopes: [], expiresAt, createdBy: 'ada', ...facts })
  }
  return { store, tokens, other, clock, events, issue }
}

const idsOf = (list: readonly { readonly id?: string; readonly tokenId?: string }[]) =>
  list.map(({ id, tokenId }) => id ?? tokenId)

describe('listExpiring', () => {
  it('lists the tokens that end by expiry or overlap within the time, the next to end first', async () => {
    const { tokens, issue } = twoProcesses()
    const [week, day, none, revoked] = [await issue(7), await issue(1), await issue(null), await issue(2)]
    const [suspended, rotated] = [await issue(3), await issue(null)]
    await tokens.revoke('acme', revoked.token.id)
    await tokens.suspend('acme', suspended.token.id)
    await tokens.rotate('acme', rotated.token.id, { overlapMs: 2 * DAY_MS })
    const ids = [day, rotated, suspended].map(({ token }) => token.id)
    expect(idsOf(await tokens.listExpiring('acme', WEEK))).toEqual(ids)
    expect(idsOf(await tokens.listExpiring('acme', { withinMs: 7 * DAY_MS + 1 }))).toEqual([...ids, week.token.id])
    expect(ids).not.toContain(none.token.id)
    expect(await tokens.listExpiring('other', WEEK)).toEqual([])
  })

  it('refuses a wrong time and owner by name', async () => {
    const { tokens } = twoProcesses()
    await expect(tokens.listExpiring('acme', { withinMs: 0 })).rejects.toThrow('withinMs must be a whole number')
    await expect(tokens.listExpiring('', WEEK)).rejects.toThrow('owner must be')
  })
})

describe('announceExpiring', () => {
  it('announces each token once for each time, however many processes do so at once', async () => {
    const { tokens, other, events, issue } = twoProcesses()
    const issued = await Promise.all(Array.from({ length: 20 }, () => issue(3)))
    await issue(30)
    const counts = await Promise.all([tokens, other, tokens].map((each) => each.announceExpiring('acme', WEEK)))
    expect(counts.reduce((sum, count) => sum + count)).toBe(20)
    expect(events).toHaveLength(20)
    expect(new Set(idsOf(events))).toEqual(new Set(issued.map(({ token }) => token.id)))
    const { token } = issued[0] ?? expect.fail()
    expect(events.find(({ tokenId }) => tokenId === token.id)).toEqual({
      ...{ type: 'expiring', at: new Date(NOW), by: null, byToken: null, ip: null, requestId: null },
      ...{ owner: 'acme', tokenId: token.id, preview: token.preview, name: 'CI', createdBy: 'ada', rotatedTo: null },
      ...{ endsAt: token.expiresAt, withinMs: WEEK.withinMs },
    })
    expect(await tokens.announceExpiring('acme', WEEK)).toBe(0)
    expect(await tokens.announceExpiring('acme', { withinMs: 4 * DAY_MS })).toBe(20)
  })

  it('announces a token again, five minutes later, if the hook failed or its process died', async () => {
    const errors: string[] = []
    const { store, other, clock, events, issue } = twoProcesses()
    await issue(3)
    const broken = openTokens({
      store,
      now: () => clock.now,
      onError: ({ message }) => void errors.push(message),
      onEvent: () => {
        throw new Error('no mail today')
      },
    }).tokens
    expect(await broken.announceExpiring('acme', WEEK)).toBe(0)
    expect(errors).toEqual(['no mail today'])
    clock.now += 5 * MINUTE_MS - 1
    expect(await other.announceExpiring('acme', WEEK)).toBe(0)
    clock.now += 1
    expect(await other.announceExpiring('acme', WEEK)).toBe(1)
    expect(events).toHaveLength(1)
  })

  it('announces a sliding token again only after the time, and if it ends then', async () => {
    const { tokens, clock, events, issue } = twoProcesses({
      expiry: { slidingMs: 7 * DAY_MS - 1, maxMs: 365 * DAY_MS },
    })
    const { secret } = await issue(null, { expiresAt: undefined })
    for (let day = 0; day < 8; day += 1) {
      await tokens.announceExpiring('acme', WEEK)
      clock.now += DAY_MS
      await tokens.verify(secret)
      await tokens.flush()
    }
    expect(events.map(({ at }) => at.getTime())).toEqual([NOW, NOW + 7 * DAY_MS])
  })

  it('refuses to run for nobody', async () => {
    const { tokens, watched } = openTokens()
    const never = new TypeError('announceExpiring: needs the option "onEvent" of createTokens')
    await expect(tokens.announceExpiring('acme', WEEK)).rejects.toEqual(never)
    expect(() => tokens.startAnnouncingExpiring({ owners: () => ['acme'], ...WEEK })).toThrow(
      'needs the option "onEvent"',
    )
    expect(watched.calls).toEqual([])
  })

  it('runs on a schedule for all owners, also after one that cannot be', async () => {
    const errors: string[] = []
    const { tokens, events, issue } = twoProcesses({ onError: ({ message }) => void errors.push(message) })
    await issue(3)
    await issue(3, { owner: 'other' })
    tokens.startAnnouncingExpiring({ owners: () => ['acme', '', 'other'], ...WEEK, everyMs: 1_000, random: () => 0 })
    await expect.poll(() => events.map(({ owner }) => owner)).toEqual(['acme', 'other'])
    await tokens.close()
    expect(errors).toEqual([expect.stringContaining('the owner "" is left out: owner must be')])
  })
})
