import { memoryStore } from '@tessera/memory-store'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { TokenEvent } from '../observe/token-event.ts'
import type { TokensOptions } from '../setup/options.ts'
import type { TokenStore } from '../store/store.ts'
import { invalidParameter } from '../token/errors.ts'
import type { RevokingUnusedOptions } from './unused-tokens.ts'

const DAY = 24 * 60 * 60 * 1000
const PERIOD = { unusedForMs: 90 * DAY }
/** How much longer a token is given, since uses are written late. */
const LATE = 60_000 + 10_000
const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }
const PERIOD_RIGHT = 'a whole number of milliseconds, 1 to 3,153,600,000,000'

/** An owner with a token that nobody used, and one that was used ten days after it was issued. */
async function opened(options: Partial<TokensOptions> = {}) {
  const published: TokenEvent[] = []
  const open = openTokens({ onEvent: (event) => published.push(event), ...options })
  const { tokens, clock } = open
  const issue = async (facts = {}) => tokens.issue({ ...REQUEST, ...facts })
  const [never, once] = [await issue(), await issue()]
  clock.now = NOW + 10 * DAY
  await tokens.verify(once.secret)
  await tokens.flush()
  return { ...open, issue, never, once, published }
}

const idsOf = (tokens: readonly { readonly id: string }[]) => tokens.map(({ id }) => id)

describe('listUnusedTokens', () => {
  it('lists what nobody used in the period, since it was issued where nobody ever did', async () => {
    const { tokens, clock, never, once } = await opened()
    const unusedAt = async (at: number) => {
      clock.now = at
      return idsOf(await tokens.listUnused('acme', PERIOD))
    }
    expect(await unusedAt(NOW + 90 * DAY + LATE)).toEqual([])
    expect(await unusedAt(NOW + 90 * DAY + LATE + 1)).toEqual([never.token.id])
    expect(await unusedAt(NOW + 100 * DAY + LATE)).toEqual([never.token.id])
    expect((await unusedAt(NOW + 100 * DAY + LATE + 1)).sort()).toEqual([never.token.id, once.token.id].sort())
    expect(await tokens.listUnused('other', PERIOD)).toEqual([])
  })

  it('lists them whatever their status, but for the revoked', async () => {
    const { tokens, clock, issue, never } = await opened()
    await tokens.suspend('acme', never.token.id)
    const expiring = await issue({ expiresAt: new Date(clock.now + DAY) })
    await tokens.revoke('acme', (await issue()).token.id)
    clock.now += 91 * DAY
    const unused = await tokens.listUnused('acme', PERIOD)
    expect(unused.map(({ status }) => status).sort()).toEqual(['active', 'expired', 'suspended'])
    expect(unused.at(-1)?.id).toBe(expiring.token.id)
  })

  it('goes through many in parts, and takes each once', async () => {
    const { tokens, clock, issue, watched } = await opened({ activeLimit: null })
    await Promise.all(Array.from({ length: 250 }, () => issue()))
    clock.now += 91 * DAY
    watched.calls.length = 0
    expect(new Set(idsOf(await tokens.listUnused('acme', PERIOD))).size).toBe(252)
    expect(watched.calls.filter(({ method }) => method === 'list')).toHaveLength(3)
  })

  it.each([undefined, 0, -1, 1.5, '90d', Number.NaN])('refuses the period %j', async (unusedForMs) => {
    const { tokens } = openTokens()
    const options = { unusedForMs: unusedForMs as number }
    const error = invalidParameter('unusedForMs', PERIOD_RIGHT)
    await expect(tokens.listUnused('acme', options)).rejects.toEqual(error)
    await expect(tokens.revokeUnused('acme', options)).rejects.toEqual(error)
  })
})

describe('revokeUnusedTokens', () => {
  it('revokes what listUnused lists, once, with its reason, and publishes it', async () => {
    const { tokens, clock, never, once, published } = await opened()
    clock.now = NOW + 95 * DAY
    expect(await tokens.revokeUnused('acme', { ...PERIOD, by: 'policy' })).toBe(1)
    expect(await tokens.revokeUnused('acme', PERIOD)).toBe(0)
    expect(await tokens.get('acme', never.token.id)).toMatchObject({
      status: 'revoked',
      revokedReason: 'expired_unused',
      revokedAt: new Date(clock.now),
    })
    expect(await tokens.verify(once.secret)).toMatchObject({ ok: true })
    await tokens.close()
    const event = { owner: 'acme', by: 'policy', reason: 'expired_unused', count: 1, replayed: false }
    const lastUsedBefore = new Date(clock.now - 90 * DAY - LATE)
    expect(published.filter(({ type }) => type === 'revoked_all')).toMatchObject([
      { type: 'revoked_all', at: new Date(clock.now), ...event, lastUsedBefore },
    ])
  })

  it('spares a token whose use is still to be written, by this process', async () => {
    const { tokens, clock, never } = await opened()
    clock.now = NOW + 200 * DAY
    expect(await tokens.verify(never.secret)).toMatchObject({ ok: true })
    expect(idsOf(await tokens.listUnused('acme', PERIOD))).not.toContain(never.token.id)
    await tokens.verify(never.secret)
    expect(await tokens.revokeUnused('acme', PERIOD)).toBe(1)
    expect(await tokens.verify(never.secret)).toMatchObject({ ok: true })
  })

  it('spares a token whose later uses a killed process never wrote, however short the period', async () => {
    const store = memoryStore()
    const killed = openTokens({ store })
    const { secret } = await killed.tokens.issue(REQUEST)
    await killed.tokens.verify(secret)
    await killed.tokens.flush()
    killed.clock.now += 59_999
    await killed.tokens.verify(secret)
    const others = openTokens({ store })
    others.clock.now = killed.clock.now + 5_000
    expect(await others.tokens.revokeUnused('acme', { unusedForMs: 10_000 })).toBe(0)
    others.clock.now = NOW + 10_000 + LATE + 1
    expect(await others.tokens.revokeUnused('acme', { unusedForMs: 10_000 })).toBe(1)
  })

  it('revokes nothing when what is known of uses cannot be written', async () => {
    const { tokens, clock, watched, never } = await opened()
    for (clock.now of [NOW + 200 * DAY, NOW + 200 * DAY + 1]) await tokens.verify(never.secret)
    watched.calls.length = 0
    watched.failure = new Error('down')
    await expect(tokens.revokeUnused('acme', PERIOD)).rejects.toMatchObject({ name: 'StoreError' })
    expect(watched.calls.map(({ method }) => method)).toEqual(['recordUse'])
  })
})

describe('revokeUnusedTokens, of an owner without a recorded use', () => {
  const NONE_RECORDED =
    'was ever recorded, so uses may be lost, and none is revoked as unused; see that uses are recorded'

  /** A token of each of three owners, all of them used. The uses of some owners are never written. */
  async function unrecorded(lost: readonly string[]) {
    const errors: Error[] = []
    const { recordUse, ...others } = memoryStore()
    const store: TokenStore = {
      ...others,
      recordUse: (uses) => recordUse(uses.filter(({ owner }) => !lost.includes(owner))),
    }
    const open = openTokens({ store, onError: (error) => errors.push(error) })
    const issue = (owner: string) => open.tokens.issue({ ...REQUEST, owner })
    const issued = { acme: await issue('acme'), other: await issue('other'), third: await issue('third') }
    for (const { secret } of Object.values(issued)) await open.tokens.verify(secret)
    open.clock.now += 91 * DAY
    return { ...open, errors, issue, issued }
  }

  it('refuses to run, says why, and revokes none, whatever is recorded of others', async () => {
    const { tokens, issued } = await unrecorded(['acme'])
    const refused = tokens.revokeUnused('acme', PERIOD)
    await expect(refused).rejects.toMatchObject({ name: 'TokenError', code: 'no_use_recorded' })
    await expect(refused).rejects.toThrow(`no use of a token of acme ${NONE_RECORDED}`)
    expect(idsOf(await tokens.listUnused('acme', PERIOD))).toEqual([issued.acme.token.id])
    expect(await tokens.verify(issued.acme.secret)).toMatchObject({ ok: true })
  })

  it('goes by the uses of revoked tokens too', async () => {
    const { tokens, clock, issue, issued } = await unrecorded([])
    const never = await issue('acme')
    await tokens.revoke('acme', issued.acme.token.id)
    clock.now += 91 * DAY
    expect(await tokens.revokeUnused('acme', PERIOD)).toBe(1)
    expect(await tokens.get('acme', never.token.id)).toMatchObject({ revokedReason: 'expired_unused' })
  })

  it('runs when it is told to', async () => {
    const { tokens } = await unrecorded(['acme'])
    expect(await tokens.revokeUnused('acme', { ...PERIOD, evenIfNoneWasUsed: true })).toBe(1)
    const wrong = { ...PERIOD, evenIfNoneWasUsed: 'yes' as unknown as boolean }
    await expect(tokens.revokeUnused('acme', wrong)).rejects.toEqual(invalidParameter('evenIfNoneWasUsed', 'a boolean'))
  })

  it('has nothing to refuse where no token is old enough', async () => {
    const { tokens } = await unrecorded(['acme'])
    expect(await tokens.revokeUnused('acme', { unusedForMs: 92 * DAY })).toBe(0)
    expect(await tokens.revokeUnused('nobody', PERIOD)).toBe(0)
  })

  it('is left out by a schedule, which goes on with other owners and reports it once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const { tokens, errors, issued } = await unrecorded(['acme', 'other'])
    tokens.startRevokingUnused({ ...PERIOD, owners: () => ['acme', 'other', 'third'], random: () => 0 })
    await vi.advanceTimersByTimeAsync(0)
    await tokens.close()
    vi.useRealTimers()
    expect(await tokens.get('third', issued.third.token.id)).toMatchObject({ revokedReason: 'expired_unused' })
    expect(await tokens.get('acme', issued.acme.token.id)).toMatchObject({ status: 'active' })
    const message = expect.stringContaining(
      `the owner "acme" and 1 more are left out: no use of a token of acme ${NONE_RECORDED}`,
    ) as string
    expect(errors).toMatchObject([{ code: 'no_use_recorded', message }])
  })
})

describe('startRevokingUnused', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  const RUNNING = { ...PERIOD, everyMs: DAY, random: () => 0 }

  it('revokes the unused tokens of all owners, whom each run asks for anew', async () => {
    const { tokens, clock, issue, never } = await opened()
    const owners = ['acme']
    const other = await issue({ owner: 'other' })
    tokens.startRevokingUnused({ ...RUNNING, by: 'policy', owners: () => owners, evenIfNoneWasUsed: true })
    clock.now = NOW + 95 * DAY
    await vi.advanceTimersByTimeAsync(0)
    expect(await tokens.get('acme', never.token.id)).toMatchObject({ revokedReason: 'expired_unused' })
    owners.push('other')
    clock.now = NOW + 150 * DAY
    await vi.advanceTimersByTimeAsync(DAY)
    expect(await tokens.get('other', other.token.id)).toMatchObject({ revokedReason: 'expired_unused' })
    await tokens.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes owners as they come, writes its own uses first, and goes on behind one that cannot be', async () => {
    const errors: Error[] = []
    const { tokens, clock, never, once, watched } = await opened({ onError: (error) => errors.push(error) })
    async function* owners() {
      yield 'acme'
      yield ''
      yield null as never
      yield 'other'
    }
    for (clock.now of [NOW + 200 * DAY, NOW + 200 * DAY + 1]) await tokens.verify(never.secret)
    watched.calls.length = 0
    await using _ = tokens.startRevokingUnused({ ...RUNNING, owners })
    await vi.advanceTimersByTimeAsync(0)
    const decide = expect.any(Function) as unknown
    expect(watched.calls).toMatchObject([
      { method: 'recordUse' },
      { method: 'list', args: [{ owner: 'acme', sort: { by: 'lastUsedAt' } }] },
      { method: 'change', args: ['acme', { ids: [] }, decide] },
      { method: 'list', args: [{ owner: 'acme' }] },
      { method: 'change', args: ['acme', { ids: [once.token.id] }, decide] },
      { method: 'change', args: ['acme', { ids: [] }, decide] },
      { method: 'list', args: [{ owner: 'other', sort: { by: 'lastUsedAt' } }] },
      { method: 'list', args: [{ owner: 'other' }] },
      { method: 'change', args: ['other', { ids: [] }, decide] },
      { method: 'list', args: [{ owner: 'other' }] },
      { method: 'change', args: ['other', { ids: [] }, decide] },
    ])
    expect(errors).toMatchObject([
      {
        details: { parameter: 'owner' },
        message: expect.stringMatching(/^the owner "" and 1 more are left out: owner/),
      },
    ])
    expect(await tokens.verify(never.secret)).toMatchObject({ ok: true })
  })

  it.each<[string, object, string]>([
    ['owners', { owners: ['acme'] }, 'must be a function that returns owners, got an array'],
    ['owners', { owners: undefined }, 'must be a function that returns owners, got undefined'],
    ['unusedForMs', { unusedForMs: 0 }, `must be ${PERIOD_RIGHT}, got a value of type number`],
    ['by', { by: '' }, 'must be a text, or null, got a value of type string'],
    [
      'everyMs',
      { everyMs: 1 },
      'must be a whole number of milliseconds, 1000 to 2,147,483,647, got a value of type number',
    ],
  ])('refuses as %s: %j', (name, wrong, message) => {
    const options: RevokingUnusedOptions = { ...RUNNING, owners: () => [], ...wrong }
    expect(() => openTokens().tokens.startRevokingUnused(options)).toThrow(
      new TypeError(`startRevokingUnused: option "${name}" ${message}`),
    )
  })
})
