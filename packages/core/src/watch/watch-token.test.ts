import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NOW } from '../../testing/open-tokens.ts'
import { codeOf, issueTo, openWatching } from '../../testing/watching.ts'
import type { Tokens } from '../tokens.ts'
import type { Token } from '../token/token.ts'
import { WatchError } from './watch-error.ts'
import type { Watch } from './watch-token.ts'

const SECOND = 1_000
const SCOPES = { scopes: ['jobs:read'] }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** A token watched by one process, and what another one may do to it. */
async function watchOne(more: object = {}, options: Parameters<Tokens['watch']>[1] = SCOPES) {
  const watching = openWatching()
  const { token, secret } = await issueTo(watching.elsewhere, 'acme', more)
  const watch = watching.tokens.watch(token, options)
  await watching.pass(SECOND)
  return { ...watching, watching, token, secret, watch }
}

const edit =
  (change: object) =>
  ({ owner, id }: Token, tokens: Tokens) =>
    tokens.edit(owner, id, change)

/** Numbers from 0 to below 1 that look random, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const HOME = { networks: ['192.0.2.0/24'] }

describe('watch', () => {
  it.each([
    ['revoked', ({ owner, id }: Token, tokens: Tokens) => tokens.revoke(owner, id)],
    ['revoked', ({ owner }: Token, tokens: Tokens) => tokens.revokeAll(owner)],
    ['revoked', ({ owner, id }: Token, tokens: Tokens) => tokens.rotate(owner, id, { overlapMs: 0 })],
    ['suspended', ({ owner, id }: Token, tokens: Tokens) => tokens.suspend(owner, id)],
    ['insufficient_scope', edit({ scopes: ['jobs:write'] })],
    ['network_not_allowed', edit({ networks: ['198.51.100.0/24'] })],
    ['expired', edit({ expiresAt: new Date(NOW + 1_200) })],
  ] as const)('aborts as %s within a fifth of the time after the change (%#)', async (code, change) => {
    const { watch, token, elsewhere, pass } = await watchOne(HOME, { ...SCOPES, ip: '192.0.2.7' })
    expect(codeOf(watch)).toBeNull()
    await change(token, elsewhere)
    await pass(SECOND)
    expect(codeOf(watch)).toBe(code)
    expect(watch.signal.reason).toBeInstanceOf(WatchError)
  })

  it.each([
    ['no use of the token', async ({ owner }: Token, tokens: Tokens) => issueTo(tokens, owner)],
    ['another name', edit({ name: 'renamed' })],
    ['a scope less that is not needed', edit({ scopes: ['jobs:read'] })],
    ['networks that hold the address', edit({ networks: ['192.0.0.0/16', '198.51.100.0/24'] })],
    ['a later expiry', edit({ expiresAt: new Date(NOW + 60 * SECOND) })],
    ['an overlap', ({ owner, id }: Token, tokens: Tokens) => tokens.rotate(owner, id, { overlapMs: 60 * SECOND })],
  ])('goes on with %s', async (_, change) => {
    const { watch, token, elsewhere, pass } = await watchOne(HOME, { ...SCOPES, ip: '192.0.2.7' })
    await change(token, elsewhere)
    await pass(20 * SECOND)
    expect(codeOf(watch)).toBeNull()
  })

  it('without an address ends once the networks do not hold all that they held at the call', async () => {
    const { watch, token, elsewhere, pass } = await watchOne(HOME)
    await elsewhere.edit('acme', token.id, { networks: ['192.0.0.0/16'] })
    await pass(SECOND)
    expect(codeOf(watch)).toBeNull()
    await elsewhere.edit('acme', token.id, { networks: ['192.0.2.0/25'] })
    await pass(SECOND)
    expect(codeOf(watch)).toBe('network_not_allowed')
  })

  it('asks for all requirements, and for one of the alternatives', async () => {
    const requirements = [{ anyScope: ['jobs:write', 'admin'] }]
    const { watch, token, elsewhere, pass } = await watchOne({}, { ...SCOPES, requirements })
    await elsewhere.edit('acme', token.id, { scopes: ['jobs:read', 'admin'] })
    await pass(SECOND)
    expect(codeOf(watch)).toBeNull()
    await elsewhere.edit('acme', token.id, { scopes: ['jobs:read'] })
    await pass(SECOND)
    expect(codeOf(watch)).toBe('insufficient_scope')
  })

  it('follows a token under the digest of another pepper', async () => {
    const { watch, token, secret, pass, watching } = await watchOne()
    const pepper = { current: 'a'.repeat(32), retired: [null] }
    const peppered = openWatching({ pepper }, { store: watching.store })
    await peppered.elsewhere.verify(secret)
    await pass(SECOND)
    await peppered.elsewhere.revoke('acme', token.id)
    await pass(SECOND)
    expect(codeOf(watch)).toBe('revoked')
  })
})

describe('an end by the clock', () => {
  it.each([
    ['expired', { expiresAt: new Date(NOW + 30 * SECOND) }, async () => {}],
    ['revoked', {}, (tokens: Tokens, id: string) => tokens.rotate('acme', id, { overlapMs: 29 * SECOND })],
  ])('aborts as %s at that instant, whatever becomes of the store', async (code, more, change) => {
    const { watch, token, elsewhere, pass, watching } = await watchOne(more, { withinMs: 10 * SECOND })
    await change(elsewhere, token.id)
    await pass(28 * SECOND)
    watching.before = () => Promise.reject(new Error('down'))
    await pass(950)
    expect(codeOf(watch)).toBeNull()
    await pass(50)
    expect(codeOf(watch)).toBe(code)
  })

  it('ends with the credential that was derived from the token', async () => {
    const { tokens, elsewhere, pass } = openWatching()
    const { token } = await issueTo(elsewhere)
    const watch = tokens.watch({ ...token, credentialEndsAt: new Date(NOW + 3 * SECOND) })
    const longer = tokens.watch(token)
    await pass(3 * SECOND)
    expect([codeOf(watch), codeOf(longer)]).toEqual(['expired', null])
  })

  it('asks the store again if a use elsewhere may have moved the expiry', async () => {
    const expiry = { slidingMs: 120 * SECOND, maxMs: 3_600 * SECOND }
    const { tokens, elsewhere, pass } = openWatching({ expiry, recordUseEveryMs: 0 })
    const { token, secret } = await issueTo(elsewhere)
    const watch = tokens.watch(token)
    await pass(60 * SECOND)
    await elsewhere.verify(secret)
    await elsewhere.flush()
    await pass(61 * SECOND)
    expect(codeOf(watch)).toBeNull()
    await pass(59 * SECOND)
    expect(codeOf(watch)).toBe('expired')
  })
})

describe('a token that has ended at the call', () => {
  it('aborts without a reading once the token itself shows it', async () => {
    const { tokens, elsewhere, clock, calls } = openWatching()
    const expiring = await issueTo(elsewhere, 'acme', { expiresAt: new Date(NOW + SECOND) })
    const rotated = await issueTo(elsewhere)
    await elsewhere.rotate('acme', rotated.token.id, { overlapMs: SECOND })
    const overlapping = await elsewhere.get('acme', rotated.token.id)
    clock.now += SECOND
    expect(codeOf(tokens.watch(expiring.token))).toBe('expired')
    expect(codeOf(tokens.watch(overlapping as Token))).toBe('revoked')
    expect(codeOf(tokens.watch({ ...rotated.token, suspendedAt: new Date(NOW) }))).toBe('suspended')
    expect(codeOf(tokens.watch({ ...rotated.token, credentialEndsAt: new Date(NOW) }))).toBe('expired')
    expect(codeOf(tokens.watch(rotated.token, { scopes: ['admin'] }))).toBe('insufficient_scope')
    expect([calls, tokens.stats().watches, vi.getTimerCount()]).toEqual([[], 0, 0])
  })

  it('aborts at once if it ended after its verification, also if it is watched already', async () => {
    const { tokens, elsewhere } = openWatching()
    const { token } = await issueTo(elsewhere)
    const first = tokens.watch(token)
    for (let turns = 0; turns < 5; turns += 1) await nextTurn()
    await elsewhere.revoke('acme', token.id)
    const second = tokens.watch(token)
    for (let turns = 0; turns < 5; turns += 1) await nextTurn()
    expect([codeOf(first), codeOf(second)]).toEqual(['revoked', 'revoked'])
    const unknown = tokens.watch({ ...token, id: '00000000-0000-4000-8000-000000000000' })
    for (let turns = 0; turns < 5; turns += 1) await nextTurn()
    expect(codeOf(unknown)).toBe('unknown')
  })

  it('is refused with a TypeError if it is no token, and so is each wrong option', async () => {
    const { tokens, elsewhere } = openWatching()
    const { token } = await issueTo(elsewhere)
    for (const other of [null, undefined, 'ot_pat', { ok: true, token }, { id: token.id }])
      expect(() => tokens.watch(other as never)).toThrow('watch: give the token of an accepted verification, got ')
    for (const withinMs of [0, 99, 3_600_001, 500.5, '500', null])
      expect(() => tokens.watch(token, { withinMs: withinMs as number })).toThrow('watch: option "withinMs" must be a')
    for (const wrong of [{ scopes: 'jobs:read' }, { requirements: [{ anyScope: 'jobs:read' }] }])
      expect(() => tokens.watch(token, wrong as never)).toThrow('must be a list of scopes')
    expect(tokens.stats().watches).toBe(0)
  })
})

describe('the cost', () => {
  it('is one reading in an interval for hundreds of streams, and one read of each changed token', async () => {
    const { tokens, elsewhere, calls, pass } = openWatching()
    const issued = await Promise.all(Array.from({ length: 300 }, () => issueTo(elsewhere)))
    const watches = issued.flatMap(({ token }) => [tokens.watch(token), tokens.watch(token)])
    await pass(SECOND)
    expect(calls.filter((method) => method === 'find')).toHaveLength(300)
    calls.length = 0
    await pass(10 * SECOND)
    expect(calls).toEqual(Array.from({ length: 10 }, () => 'changesSince'))
    calls.length = 0
    for (const { token } of issued.slice(0, 3)) await elsewhere.revoke('acme', token.id)
    await pass(SECOND)
    expect(calls).toEqual(['changesSince', 'find', 'find', 'find'])
    expect(watches.map(codeOf).filter((code) => code !== null)).toHaveLength(6)
    expect(tokens.stats().watches).toBe(594)
  })

  it('is set by the shortest time of an open watch', async () => {
    const { tokens, elsewhere, calls, pass } = openWatching()
    const { token } = await issueTo(elsewhere)
    tokens.watch(token, { withinMs: 50 * SECOND })
    const short = tokens.watch(token, { withinMs: SECOND })
    await pass(2 * SECOND)
    short.close()
    await pass(SECOND)
    calls.length = 0
    await pass(20 * SECOND)
    expect(calls).toEqual(['changesSince', 'changesSince'])
  })

  it('is nothing while nothing is watched', async () => {
    const { tokens, elsewhere, calls, pass } = openWatching()
    const { token } = await issueTo(elsewhere)
    expect(vi.getTimerCount()).toBe(0)
    const [first, second] = [tokens.watch(token), tokens.watch(token)]
    first.close()
    first.close()
    expect([codeOf(first), tokens.stats().watches]).toEqual(['closed', 1])
    await pass(SECOND)
    await elsewhere.revoke('acme', token.id)
    await pass(SECOND)
    calls.length = 0
    await pass(60 * SECOND)
    expect([codeOf(second), calls, tokens.stats().watches, vi.getTimerCount()]).toEqual(['revoked', [], 0, 0])
  })

  it('is a read of every token in an interval on a store without a feed, and a warning', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
    const { tokens, elsewhere, calls, pass } = openWatching({}, { without: ['feed'] })
    const issued = await Promise.all(Array.from({ length: 120 }, () => issueTo(elsewhere)))
    const watches = issued.map(({ token }) => tokens.watch(token))
    await pass(SECOND)
    calls.length = 0
    await elsewhere.revokeAll('acme', { exceptId: issued[0]?.token.id ?? '' })
    await pass(SECOND)
    expect(calls).toEqual(Array.from({ length: 120 }, () => 'find'))
    expect(watches.map(codeOf).filter((code) => code === 'revoked')).toHaveLength(119)
    expect(warned.mock.calls.map(([error]) => (error as Error).message)).toEqual([
      expect.stringContaining('watch: the store has no change feed'),
    ])
    warned.mockRestore()
  })
})

describe('a store that does not answer', () => {
  it('ends no stream for less than the time, and all streams after it, with its error', async () => {
    const { watch, pass, watching, errors } = await watchOne()
    watching.before = () => Promise.reject(new Error('down'))
    await pass(3 * SECOND)
    watching.before = async () => {}
    await pass(SECOND)
    expect([codeOf(watch), errors.length]).toEqual([null, 3])
    watching.before = () => Promise.reject(new Error('down'))
    await pass(4 * SECOND)
    expect(codeOf(watch)).toBeNull()
    await pass(SECOND)
    expect(codeOf(watch)).toBe('store_unavailable')
    const { cause } = watch.signal.reason as WatchError
    expect(cause).toMatchObject({ name: 'StoreError', message: expect.stringContaining('read its changes: down') })
  })

  it('ends them also if it hangs, and before its first answer', async () => {
    const watching = openWatching()
    const { tokens, elsewhere, pass } = watching
    const { token } = await issueTo(elsewhere)
    watching.before = () => new Promise(() => {})
    const watch = tokens.watch(token)
    await pass(5 * SECOND)
    expect(codeOf(watch)).toBe('store_unavailable')
    // A store may have no deadline of its own: the hanging call is given up.
    watching.before = async () => {}
    await pass(10 * SECOND)
    const next = tokens.watch(token)
    await pass(20 * SECOND)
    expect([codeOf(next), tokens.stats().watches]).toEqual([null, 1])
  })

  it('reads its tokens also if each reading of the feed takes longer than the interval', async () => {
    const watching = openWatching()
    const { tokens, elsewhere, pass } = watching
    const { token } = await issueTo(elsewhere)
    watching.before = (method) => (method === 'find' ? Promise.resolve() : new Promise((go) => setTimeout(go, 300)))
    const watch = tokens.watch(token, { withinMs: SECOND })
    await pass(5 * SECOND)
    expect(codeOf(watch)).toBeNull()
    await elsewhere.revoke('acme', token.id)
    await pass(SECOND)
    expect(codeOf(watch)).toBe('revoked')
  })

  it('ends a token that could not be read again, and no other one', async () => {
    const { watch, token, elsewhere, tokens, pass, watching } = await watchOne()
    const other = tokens.watch((await issueTo(elsewhere)).token)
    await pass(SECOND)
    await elsewhere.edit('acme', token.id, { name: 'renamed' })
    watching.before = async (method) => {
      if (method === 'find') throw new Error('down')
    }
    await pass(5 * SECOND)
    expect([codeOf(watch), codeOf(other)]).toEqual(['store_unavailable', null])
  })

  it('is asked again for a token that could not be read', async () => {
    const { watch, token, elsewhere, pass, watching } = await watchOne()
    await elsewhere.revoke('acme', token.id)
    watching.before = async (method) => {
      if (method === 'find') throw new Error('down')
    }
    await pass(SECOND)
    watching.before = async () => {}
    await pass(SECOND)
    expect(codeOf(watch)).toBe('revoked')
  })
})

describe('the promise', () => {
  it('holds for a change during the read of its token', async () => {
    const { tokens, elsewhere, pass, watching } = await watchOne()
    const { token } = await issueTo(elsewhere)
    let release = (): void => {}
    watching.before = (method) =>
      method === 'find' ? new Promise((resolve) => (release = resolve)) : Promise.resolve()
    const watch = tokens.watch(token)
    await pass(100)
    await elsewhere.revoke('acme', token.id)
    await pass(2 * SECOND)
    watching.before = async () => {}
    release()
    await pass(SECOND)
    expect(codeOf(watch)).toBe('revoked')
  })

  it('holds for a change before the feed answers for the first time', async () => {
    const watching = openWatching()
    const { token } = await issueTo(watching.elsewhere)
    watching.before = async (method) => {
      if (method === 'revision') throw new Error('down')
    }
    const watch = watching.tokens.watch(token)
    await watching.pass(100)
    await watching.elsewhere.revoke('acme', token.id)
    watching.before = async () => {}
    await watching.pass(SECOND)
    expect(codeOf(watch)).toBe('revoked')
  })

  it('ends what is not known after the process stood still, before it asks', async () => {
    const { watch, calls } = await watchOne()
    calls.length = 0
    const now = performance.now() + 6 * SECOND
    vi.spyOn(performance, 'now').mockReturnValue(now)
    vi.advanceTimersToNextTimer()
    expect([codeOf(watch), calls]).toEqual(['store_unavailable', []])
    vi.restoreAllMocks()
  })

  it('holds whatever is late, and whatever fails: no ended token is streamed to for longer than the time', async () => {
    const random = seeded(Number(process.env['TESSERA_SEED'] ?? 1) || Date.now())
    const { tokens, elsewhere, clock, pass, watching } = await watchOne()
    const open = new Map<Watch, { readonly id: string; readonly withinMs: number }>()
    const ended = new Map<string, number>()
    const late: string[] = []
    const wrong: string[] = []
    let isDown = false
    watching.before = async () => {
      await new Promise((resolve) => setTimeout(resolve, random() < 0.9 ? 300 * random() : 2 * SECOND))
      if (isDown || random() < 0.1) throw new Error('down')
    }
    for (const end = clock.now + 40 * SECOND; clock.now < end; await pass(50)) {
      if (random() < 0.03) isDown = !isDown
      if (random() < 0.3) {
        const { token } = await issueTo(elsewhere, `owner ${Math.floor(5 * random())}`)
        const withinMs = random() < 0.5 ? 2 * SECOND : 5 * SECOND
        open.set(tokens.watch(token, { withinMs }), { id: token.id, withinMs })
      }
      const [picked] = random() < 0.2 ? [...open.values()].slice(Math.floor(open.size * random())) : []
      const token = picked === undefined ? null : await elsewhere.findById(picked.id)
      if (token !== null) {
        await (random() < 0.9 ? elsewhere.revoke(token.owner, token.id) : elsewhere.revokeAll(token.owner))
        for (const each of (await elsewhere.list(token.owner, { window: 'all', statuses: ['revoked'] })).tokens)
          ended.set(each.id, Math.min(ended.get(each.id) ?? Number.POSITIVE_INFINITY, clock.now))
      }
      for (const [watch, { id, withinMs }] of open) {
        const code = codeOf(watch)
        const endedAt = ended.get(id)
        if (code === null && endedAt !== undefined && clock.now - endedAt > withinMs) late.push(id)
        if (code === 'revoked' && endedAt === undefined) wrong.push(id)
        if (code !== null) open.delete(watch)
      }
    }
    expect([late, wrong, ended.size > 15]).toEqual([[], [], true])
  })
})

describe('tokens.close', () => {
  it('ends every watch, and every later one at once', async () => {
    const { watch, tokens, token } = await watchOne()
    await tokens.close()
    expect([codeOf(watch), codeOf(tokens.watch(token)), tokens.stats().watches]).toEqual(['closed', 'closed', 0])
  })
})
