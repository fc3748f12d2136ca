import { memoryStore } from '@tessera/memory-store'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openTokens } from '../../testing/open-tokens.ts'
import type { TokensOptions } from '../setup/options.ts'
import type { TokenStore } from '../store/store.ts'

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 0, 1)
const SCOPES = ['jobs:read', 'jobs:write', 'nodes:read']

function processes(options: Partial<TokensOptions> = {}) {
  const store = memoryStore()
  const clock = { now: START }
  const open = (more: Partial<TokensOptions> = {}) =>
    openTokens({ store, now: () => clock.now, wildcards: true, recordScopesAsked: true, ...options, ...more }).tokens
  return { store, clock, open }
}

async function issued(tokens: ReturnType<ReturnType<typeof processes>['open']>, scopes: string[] = SCOPES) {
  return tokens.issue({ owner: 'acme', name: 'CI', scopes })
}

describe('report', () => {
  it('says what was asked and what was not, once the whole time was recorded', async () => {
    const { clock, open } = processes()
    const tokens = open()
    const { secret } = await issued(tokens, ['jobs:*', 'nodes:read', 'nodes:write', 'users:read'])
    await tokens.verify(secret, { scopes: ['jobs:read'], anyScope: ['users:write', 'users:read'] })
    clock.now += 50 * DAY_MS
    await tokens.verify(secret, { scopes: ['nodes:read', 'admin'] })
    const [early] = await tokens.report('acme')
    expect(early).toMatchObject({ since: new Date(START), unasked: null })
    clock.now = START + 91 * DAY_MS
    const [report] = await tokens.report('acme')
    expect(report?.granted).toEqual([
      { scope: 'jobs:*', lastAskedOn: '2026-01-01' },
      { scope: 'nodes:read', lastAskedOn: '2026-02-20' },
      { scope: 'nodes:write', lastAskedOn: null },
      { scope: 'users:read', lastAskedOn: '2026-01-01' },
    ])
    expect(report).toMatchObject({
      refused: [{ scope: 'admin', lastAskedOn: '2026-02-20' }],
      unasked: ['jobs:*', 'nodes:write', 'users:read'],
    })
  })

  it('never says unasked of what was asked: random asks in many processes, with restarts, edits and pauses', async () => {
    const day = fc.record({
      process: fc.nat(2),
      ask: fc.subarray(SCOPES),
      any: fc.subarray(SCOPES),
      later: fc.constantFrom(0, 0, 1, 4),
      restart: fc.boolean(),
      off: fc.boolean(),
      granted: fc.option(fc.subarray(SCOPES, { minLength: 1 })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(day, { maxLength: 16 }), fc.boolean(), async (days, hasPauses) => {
        const { clock, open } = processes({ recordUseEveryMs: 0 })
        const running = [open(), open(), open()]
        const off = open({ recordScopesAsked: false })
        const { token, secret } = await issued(running[0] as never)
        const asked = new Map<string, number>()
        let since: number | null = null
        let granted: readonly string[] = SCOPES
        for (const { process, ask, any, later, restart, off: isOff, granted: edited } of days) {
          const tokens = running[process] ?? expect.fail()
          const requirements = { scopes: ask, ...(any.length > 0 && { anyScope: any }) }
          if (hasPauses && isOff) {
            await off.verify(secret, { scopes: ask.filter((scope) => granted.includes(scope)) })
            await off.flush()
            // Where recording was off, nothing before counts.
            clock.now += DAY_MS
            since = null
          } else {
            since ??= clock.now
            await tokens.verify(secret, requirements)
            const held = any.filter((scope) => granted.includes(scope))
            for (const scope of [...ask, ...(held.length > 0 ? held : any)]) asked.set(scope, clock.now)
          }
          if (edited !== null) {
            granted = edited
            await tokens.edit('acme', token.id, { scopes: edited })
          }
          if (restart) {
            await tokens.close()
            running[process] = open()
          }
          await Promise.all(running.map((each) => each.flush()))
          clock.now += later * DAY_MS
          const [report] = await open().report('acme', { days: 7 })
          const from = clock.now - 7 * DAY_MS
          const isOld = (scope: string) => Math.floor((asked.get(scope) ?? 0) / DAY_MS) < Math.floor(from / DAY_MS)
          const isKnown = since !== null && since <= from
          expect((report?.unasked ?? []).every(isOld)).toBe(true)
          if (!hasPauses) expect(report?.unasked ?? null).toEqual(isKnown ? granted.filter(isOld) : null)
          else if (since !== null && !isKnown) expect(report?.unasked ?? null).toBeNull()
        }
        await Promise.all([off, ...running].map((each) => each.close()))
      }),
      { numRuns: 20 },
    )
  })

  it('knows nothing of what a gateway asks after an introspection', async () => {
    const { clock, open } = processes()
    const tokens = open()
    const { secret } = await issued(tokens)
    await tokens.verify(secret)
    clock.now += 20 * DAY_MS
    await tokens.introspect(secret)
    clock.now += 5 * DAY_MS
    expect(await tokens.report('acme', { days: 10 })).toMatchObject([{ unasked: null }])
    clock.now += 20 * DAY_MS
    expect(await tokens.report('acme', { days: 10 })).toMatchObject([{ unasked: SCOPES }])
  })

  it('counts what later handlers ask by permits, and the scopes of what is derived from a token', async () => {
    const { open } = processes()
    const tokens = open()
    const { token } = await issued(tokens)
    tokens.permits(token, { scopes: ['jobs:read'] })
    tokens.permits({ scopes: token.scopes }, { scopes: ['nodes:read'] })
    const derived = { accessTokenId: 'a', scopes: ['jobs:write'], audience: 'api', until: new Date(START + 1_000) }
    tokens.reportExchange(token, derived)
    const [report] = await tokens.report('acme')
    expect(report?.granted.map(({ lastAskedOn }) => lastAskedOn !== null)).toEqual([true, true, false])
  })

  it('writes once a token, scope and day, and nothing if it is off', async () => {
    const { open, store, clock } = processes()
    let writes = 0
    const counted: TokenStore = { ...store, change: (...step) => ((writes += 1), store.change(...step)) }
    const [tokens, off] = [open({ store: counted }), open({ store: counted, recordScopesAsked: false })]
    const { secret } = await issued(tokens)
    writes = 0
    for (let use = 0; use < 5; use += 1) await off.verify(secret, { scopes: ['jobs:read'] })
    await off.flush()
    expect(writes).toBe(0)
    for (let use = 0; use < 5; use += 1) await tokens.verify(secret, { scopes: ['jobs:read', 'jobs:write'] })
    await tokens.flush()
    expect(writes).toBe(1)
    await tokens.verify(secret, { scopes: ['nodes:read'] })
    clock.now += DAY_MS
    await tokens.verify(secret, { scopes: ['nodes:read'] })
    await tokens.flush()
    expect(writes).toBe(3)
  })

  it('loses nothing to a store that fails, and says unasked of nothing after asks were dropped', async () => {
    const { open, store, clock } = processes()
    let isDown = false
    const failing: TokenStore = {
      ...store,
      change: async (...step) => (isDown ? Promise.reject(new Error('down')) : store.change(...step)),
    }
    const errors: Error[] = []
    const tokens = open({ store: failing, onError: (error) => errors.push(error), activeLimit: null })
    const { token, secret } = await issued(tokens)
    await tokens.verify(secret)
    await tokens.flush()
    clock.now += 20 * DAY_MS
    isDown = true
    await tokens.verify(secret, { scopes: ['jobs:read'] })
    await expect(tokens.flush()).rejects.toThrow('down')
    isDown = false
    clock.now += DAY_MS
    expect(await tokens.report('acme', { days: 10 })).toMatchObject([{ unasked: ['jobs:write', 'nodes:read'] }])
    isDown = true
    for (let id = 0; id <= 10_000; id += 1) tokens.permits({ ...token, id: `${id}` }, { scopes: [] })
    expect(tokens.stats().asksDropped).toBeGreaterThan(0)
    isDown = false
    expect(await tokens.report('acme', { days: 10 })).toMatchObject([{ unasked: null }])
    clock.now += 20 * DAY_MS
    expect(await tokens.report('acme', { days: 10 })).toMatchObject([{ unasked: SCOPES }])
  })

  it('starts anew for a successor, reports one token by its id, and refuses wrong days', async () => {
    const { open, clock } = processes()
    const tokens = open()
    const { token, secret } = await issued(tokens)
    await issued(tokens)
    await tokens.verify(secret)
    clock.now += 100 * DAY_MS
    const { token: next } = await tokens.rotate('acme', token.id)
    expect(await tokens.report('acme', { id: next.id })).toMatchObject([{ token: { id: next.id }, since: null }])
    expect(await tokens.report('other', { id: next.id })).toEqual([])
    await expect(tokens.report('acme', { days: 0 })).rejects.toThrow('days must be a whole number of days, 1 to 365')
  })
})
