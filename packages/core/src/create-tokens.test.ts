import { inspect } from 'node:util'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it, vi } from 'vitest'
import { NOW, openTokens } from '../testing/open-tokens.ts'
import type { TokenStore } from './store/store.ts'
import { StoreError } from './token/errors.ts'
import { prefixedIds, timeOrderedIds } from './token/ids.ts'
import { createTokens } from './create-tokens.ts'
import type { Tokens } from './tokens.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }
const PEPPER = 'a pepper that nobody else may ever see'

describe('createTokens', () => {
  it('reads the clock of the process by default', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const before = Date.now()
    const { token } = await tokens.issue(REQUEST)
    expect(token.createdAt.getTime()).toBeGreaterThanOrEqual(before)
    expect(token.createdAt.getTime()).toBeLessThanOrEqual(Date.now())
  })

  it('follows the fake timers of a test runner, also if they begin later', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    vi.useFakeTimers({ toFake: ['Date'], now: NOW })
    const { token } = await tokens.issue(REQUEST).finally(() => vi.useRealTimers())
    expect(token.createdAt).toEqual(new Date(NOW))
  })

  it('makes ids in the format that it is given', async () => {
    const ids = prefixedIds('tok')
    const { tokens } = openTokens({ ids })
    const { token } = await tokens.issue(REQUEST)
    expect(token.id).toMatch(/^tok_[a-z0-9]{24}$/)
    expect(await tokens.get('acme', token.id)).toEqual(token)
  })

  it('hands the time of issue to the format of ids', async () => {
    const { tokens } = openTokens({ ids: timeOrderedIds })
    const { token } = await tokens.issue(REQUEST)
    expect(token.id.slice(0, 10)).toBe(timeOrderedIds.generate(NOW).slice(0, 10))
  })

  it('shows no pepper, however it is printed', () => {
    const { tokens } = openTokens({ pepper: PEPPER })
    const shown = inspect(tokens, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true })
    expect(JSON.stringify(tokens) + shown).not.toContain(PEPPER)
  })

  it.each([
    ['a minute', {}, 60_000],
    ['recordUseEveryMs', { recordUseEveryMs: 5000 }, 5000],
  ])('writes the uses of a token at most once in %s', async (_, options, everyMs) => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const { tokens, watched, clock } = openTokens(options)
    const { secret } = await tokens.issue(REQUEST)
    for (let second = 0; second <= everyMs / 1000; second++) {
      await tokens.verify(secret)
      clock.now += 1000
      await vi.advanceTimersByTimeAsync(1000)
    }
    vi.useRealTimers()
    const writes = watched.calls.filter(({ method }) => method === 'recordUse')
    expect(writes.map(({ args }) => args)).toMatchObject([[[{ at: NOW }]], [[{ at: NOW + everyMs - 1000 }]]])
  })

  it('hands to waitUntil what goes on after an answer: the recorded use, the re-keying and the hook', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    const heard: string[] = []
    const awaited: Promise<unknown>[] = []
    const changed = openTokens({
      store: watched.store,
      pepper: { current: PEPPER, retired: [null] },
      waitUntil: (work) => awaited.push(work),
      async onEvent({ type }) {
        await new Promise((resolve) => setImmediate(resolve))
        heard.push(type)
      },
    })
    watched.calls.length = 0
    await changed.tokens.verify(secret)
    expect(awaited).toHaveLength(3)
    await Promise.all(awaited)
    expect(watched.calls.map(({ method }) => method)).toEqual(['findByDigest', 'recordUse', 'change'])
    expect(heard).toEqual(['first_used'])
  })

  it('has waitUntil wait for work that failed too, and reports a waitUntil that throws without changing an answer', async () => {
    const errors: Error[] = []
    const { tokens, watched } = openTokens({
      onError: (error) => errors.push(error),
      waitUntil(work) {
        void work.then(() => errors.push(new Error('over')))
        throw new Error('too late to wait')
      },
    })
    const { secret } = await tokens.issue(REQUEST)
    const verified = tokens.verify(secret)
    await Promise.resolve()
    watched.failure = new Error('down')
    expect(await verified).toMatchObject({ ok: true })
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors.map(({ message }) => message)).toEqual([
      'too late to wait',
      'the token store failed to record the use of tokens: down',
      'over',
    ])
  })

  it('outlives an onError that throws, and warns of what it threw', async () => {
    const { tokens, watched, clock } = openTokens({
      onError: () => {
        throw new Error('the log is full')
      },
    })
    const { secret } = await tokens.issue(REQUEST)
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    for (clock.now of [NOW, NOW + 1]) await tokens.verify(secret)
    clock.now += 60_000
    watched.failure = new Error('READONLY')
    await vi.advanceTimersByTimeAsync(1000)
    vi.useRealTimers()
    expect(warn.mock.calls).toEqual([[new Error('the log is full')]])
    warn.mockRestore()
  })

  it('warns of a failure that no caller waits for, where there is no onError', async () => {
    const { tokens, watched } = openTokens({ pepper: PEPPER })
    const { secret } = await tokens.issue(REQUEST)
    const changed = openTokens({
      store: { ...watched.store, change: () => Promise.reject(new Error('READONLY')) },
      pepper: { current: PEPPER.toUpperCase(), retired: [PEPPER] },
    })
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    await changed.tokens.verify(secret)
    await changed.tokens.close()
    expect(warn.mock.calls).toMatchObject([[{ name: 'StoreError', cause: { message: 'READONLY' } }]])
    warn.mockRestore()
  })
})

describe('get', () => {
  it('gives one of the owner’s tokens, with its status at the time', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 1) })
    expect(await tokens.get('acme', token.id)).toStrictEqual(token)
    clock.now = NOW + 1
    expect(await tokens.get('acme', token.id)).toStrictEqual({ ...token, status: 'expired' })
  })

  it('gives null for an unknown id and for another owner’s token', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    expect(await tokens.get('acme', crypto.randomUUID())).toBeNull()
    expect(await tokens.get('other', token.id)).toBeNull()
  })

  it('asks the store for nothing that has not the shape of an id', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    watched.calls.length = 0
    for (const id of [secret, '', 'constructor']) expect(await tokens.get('acme', id)).toBeNull()
    expect(watched.calls).toEqual([])
  })
})

describe('isId', () => {
  it('knows the shape of ids, without asking whether there is such a token', async () => {
    const { tokens, watched } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    watched.calls.length = 0
    expect([token.id, crypto.randomUUID(), secret, token.preview, ''].map((text) => tokens.isId(text))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
    expect(watched.calls).toEqual([])
  })
})

describe('permits and missingScopes', () => {
  it('decide as verify does', () => {
    const { tokens } = openTokens()
    const granted = ['jobs:read', 'jobs:*']
    expect(tokens.permits({ scopes: granted }, {})).toBe(true)
    expect(() => tokens.permits({ scopes: granted }, { scopes: undefined } as never)).toThrow(
      'must be a list of scopes',
    )
    expect(tokens.permits({ scopes: granted }, { scopes: ['jobs:read'] })).toBe(true)
    expect(tokens.permits({ scopes: granted }, { scopes: ['jobs:write'] })).toBe(false)
    expect(tokens.permits({ scopes: granted }, { anyScope: ['jobs:write', 'jobs:read'] })).toBe(true)
    expect(tokens.missingScopes(granted, ['jobs:read', 'jobs:write'])).toEqual(['jobs:write'])
  })

  it('follow the option wildcards', () => {
    const { tokens } = openTokens({ wildcards: true })
    expect(tokens.permits({ scopes: ['jobs:*'] }, { scopes: ['jobs:write'] })).toBe(true)
    expect(tokens.missingScopes(['jobs:*'], ['jobs:write', 'tokens:read'])).toEqual(['tokens:read'])
  })
})

describe('every verb', () => {
  const id = crypto.randomUUID()
  const verbs: [string, (tokens: Tokens, secret: string) => Promise<unknown>][] = [
    ['issue', (tokens) => tokens.issue(REQUEST)],
    ['verify', (tokens, secret) => tokens.verify(secret)],
    ['list', (tokens) => tokens.list('acme')],
    ['get', (tokens) => tokens.get('acme', id)],
    ['revoke', (tokens) => tokens.revoke('acme', id)],
    ['revokeSecret', (tokens, secret) => tokens.revokeSecret(secret)],
    ['suspend', (tokens) => tokens.suspend('acme', id)],
    ['resume', (tokens) => tokens.resume('acme', id)],
    ['edit', (tokens) => tokens.edit('acme', id, { name: 'other' })],
    ['rotate', (tokens) => tokens.rotate('acme', id)],
    ['rotateSecret', (tokens, secret) => tokens.rotateSecret(secret)],
    ['revokeAll', (tokens) => tokens.revokeAll('acme')],
  ]

  it.each(verbs)('rejects with a StoreError that shows neither secret nor pepper: %s', async (_, call) => {
    const { tokens, watched } = openTokens({ pepper: PEPPER })
    const { secret } = await tokens.issue(REQUEST)
    watched.failure = new Error('ECONNREFUSED')
    const error = await call(tokens, secret).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'store_unavailable', cause: watched.failure })
    const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })
    expect(shown).not.toContain(secret)
    expect(shown).not.toContain(PEPPER)
  })
})

describe('close', () => {
  it('writes the uses that are still in memory, and leaves the store open', async () => {
    const { tokens, clock } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    clock.now = NOW + 10
    await tokens.verify(secret)
    await tokens.close()
    expect(await tokens.get('acme', token.id)).toMatchObject({
      lastUsedAt: new Date(NOW + 10),
      updatedAt: new Date(NOW),
    })
  })

  it('rejects when the uses could not be written, and may be called again', async () => {
    const { tokens, watched, clock } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    clock.now += 1
    await tokens.verify(secret)
    watched.failure = new Error('down')
    await expect(tokens.close()).rejects.toMatchObject({ name: 'StoreError', cause: watched.failure })
    watched.failure = null
    await tokens.close()
    expect(await tokens.get('acme', token.id)).toMatchObject({ lastUsedAt: new Date(NOW + 1) })
  })

  it('waits for the re-keying that is under way', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    const done: string[] = []
    const store: TokenStore = {
      ...watched.store,
      async change(owner, wants, decide) {
        await new Promise((resolve) => setImmediate(resolve))
        const answer = await watched.store.change(owner, wants, decide)
        done.push('rekey')
        return answer
      },
    }
    const changed = openTokens({ store, pepper: { current: PEPPER, retired: [null] } })
    await changed.tokens.verify(secret)
    await changed.tokens.close()
    expect(done).toEqual(['rekey'])
  })

  it('happens at the end of a block that holds the tokens with await using', async () => {
    const { tokens: opened, watched, clock } = openTokens()
    const { secret } = await opened.issue(REQUEST)
    {
      await using tokens = opened
      for (clock.now of [NOW, NOW + 1]) await tokens.verify(secret)
    }
    expect(watched.calls.at(-1)).toMatchObject({ method: 'recordUse', args: [[{ at: NOW + 1 }]] })
  })
})
