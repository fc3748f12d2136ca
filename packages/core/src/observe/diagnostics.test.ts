import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openTokens } from '../../testing/open-tokens.ts'
import { digestSecret } from '../token/secret/digest.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }
const PHASES = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const

interface Published {
  readonly at: string
  readonly message: Record<string, unknown>
}

/** Collects the messages of tracing channels as they are at that moment. */
function listen(names: readonly string[], phases: readonly (typeof PHASES)[number][] = ['asyncEnd']): Published[] {
  const published: Published[] = []
  for (const name of names) {
    for (const phase of phases) {
      const { [phase]: channel } = tracingChannel<unknown, object>(`tessera:${name}`)
      const listener = (message: object) => void published.push({ at: `${name} ${phase}`, message: { ...message } })
      channel.subscribe(listener as never)
      onTestFinished(() => {
        channel.unsubscribe(listener as never)
      })
    }
  }
  return published
}

const durationMs: unknown = expect.any(Number)
const UNNAMED = { owner: null, tokenId: null }

describe('the channel tessera:verify', () => {
  it('carries each verification with its API, outcome and reason', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    const published = listen(['verify'])
    await tokens.verify(secret)
    await tokens.authenticate(secret, { scopes: ['jobs:write'] })
    await tokens.checkById('acme', token.id)
    await tokens.verify('x')
    tokens.noteRefusal('insufficient_scope', token)
    await expect(tokens.verify(secret, { scope: [] } as never)).rejects.toThrow(TypeError)
    expect(tokens.verifyNow('x')).toEqual({ ok: false, reason: 'malformed' })
    expect(() => tokens.verifyNow(secret, { scope: [] } as never)).toThrow(TypeError)
    const common = { prefix: 'ot_pat', durationMs }
    const named = { owner: 'acme', tokenId: token.id }
    expect(published.map(({ message }) => message)).toEqual([
      { ...common, operation: 'verify', outcome: 'accepted', reason: null, ...named },
      { ...common, operation: 'authenticate', outcome: 'refused', reason: 'insufficient_scope', ...UNNAMED },
      { ...common, operation: 'checkById', outcome: 'accepted', reason: null, ...named },
      { ...common, operation: 'verify', outcome: 'refused', reason: 'malformed', ...UNNAMED },
      { ...common, operation: 'noteRefusal', outcome: 'refused', reason: 'insufficient_scope', ...UNNAMED },
      { ...common, operation: 'verify', outcome: 'failed', reason: null, ...UNNAMED, error: expect.any(TypeError) },
      { ...common, operation: 'verifyNow', outcome: 'refused', reason: 'malformed', ...UNNAMED },
      { ...common, operation: 'verifyNow', outcome: 'failed', reason: null, ...UNNAMED, error: expect.any(TypeError) },
    ])
  })

  it('publishes the same object from the start to the end, and none of an introspection', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    const seen: object[] = []
    const listeners = Object.fromEntries(PHASES.map((phase) => [phase, (message: object) => void seen.push(message)]))
    tracingChannel<unknown, object>('tessera:verify').subscribe(listeners as never)
    await tokens.introspect(secret, { countsAsUse: true })
    expect(seen).toEqual([])
    await tokens.verify(secret)
    tracingChannel<unknown, object>('tessera:verify').unsubscribe(listeners as never)
    await tokens.verify(secret)
    expect(seen).toHaveLength(4)
    expect(new Set(seen).size).toBe(1)
  })
})

describe('the channel tessera:store', () => {
  it('carries every call within the verb that makes it, with its failure', async () => {
    const { tokens, watched } = openTokens({ prefix: 'tok_live' })
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    const published = listen(['verify', 'suspend', 'store'], PHASES)
    await tokens.suspend('acme', token.id)
    watched.failure = new Error('READONLY')
    await expect(tokens.verify(secret)).rejects.toThrow('READONLY')
    const way = (verb: string) => [`${verb} start`, 'store start', 'store end', `${verb} end`]
    const end = (name: string, ...failed: string[]) => [...failed, `${name} asyncStart`, `${name} asyncEnd`]
    expect(published.map(({ at }) => at)).toEqual([
      ...way('suspend'),
      ...[...end('store'), ...end('suspend')],
      ...way('verify'),
      ...[...end('store', 'store error'), ...end('verify', 'verify error')],
    ])
    const ends = published.filter(({ at }) => at === 'store asyncEnd').map(({ message }) => message)
    const error: unknown = expect.objectContaining({ name: 'StoreError', cause: watched.failure })
    const find = { operation: 'findByDigest', label: 'find a token by its digest' }
    expect(ends).toEqual([
      { operation: 'change', label: 'suspend a token', prefix: 'tok_live', outcome: 'done', reason: null, durationMs },
      { ...find, prefix: 'tok_live', outcome: 'failed', reason: 'store_unavailable', durationMs, error },
    ])
  })
})

describe('the channel of a verb', () => {
  it('is there for every verb that answers with a promise, and for the runs of schedules', async () => {
    const { tokens } = openTokens({ onEvent: () => {} })
    const { secret, token } = await tokens.issue(REQUEST)
    const { secret: other } = await tokens.issue(REQUEST)
    const sync = ['watch', 'permits', 'missingScopes', 'isId', 'reportExchange', 'stats', 'noteRefusal']
    const names = Object.entries(tokens).flatMap(([name, verb]) =>
      typeof verb === 'function' && !sync.includes(name) ? [name] : [],
    )
    const published = listen(names)
    expect(names.length).toBeGreaterThan(24)
    const args: Readonly<Record<string, readonly unknown[]>> = {
      issue: [REQUEST],
      verify: [secret],
      authenticate: [secret],
      verifyNow: [secret],
      introspect: [secret],
      explain: [secret],
      revokeSecret: [other],
      rotateSecret: [secret],
      findById: [token.id],
      edit: ['acme', token.id, { name: 'cd' }],
      listUnused: ['acme', { unusedForMs: 86_400_000 }],
      revokeUnused: ['acme', { unusedForMs: 86_400_000 }],
      listExpiring: ['acme', { withinMs: 86_400_000 }],
      announceExpiring: ['acme', { withinMs: 86_400_000 }],
      startAnnouncingExpiring: [{ random: () => 0, owners: () => [], withinMs: 86_400_000 }],
      startPruning: [{ random: () => 0 }],
      startRevokingUnused: [{ random: () => 0, owners: () => [], unusedForMs: 86_400_000 }],
      ...Object.fromEntries(['prune', 'flush', 'close'].map((name) => [name, []])),
    }
    for (const name of names) {
      const verb = Reflect.get(tokens, name) as (...given: readonly unknown[]) => unknown
      await Promise.resolve(verb(...(args[name] ?? ['acme', token.id]))).catch(() => {})
      if (name.startsWith('start')) await expect.poll(() => published.map(({ at }) => at)).toContain(`${name} asyncEnd`)
    }
    const carried = new Map(published.map(({ message }) => [message.operation, message]))
    expect(new Set(carried.keys())).toEqual(new Set(names))
    for (const message of carried.values()) expect(message).toMatchObject({ prefix: 'ot_pat' })
  })

  it('says what became of a call, and of which token as far as the answer shows it', async () => {
    const { tokens, watched } = openTokens()
    const published = listen(['issue', 'get', 'list', 'revoke', 'revokeSecret'])
    const { token } = await tokens.issue(REQUEST)
    await tokens.get('acme', token.id)
    await tokens.get('acme', 'none')
    await tokens.list('acme')
    await expect(tokens.revoke('acme', 'none')).rejects.toThrow('no such token')
    await tokens.revokeSecret('x')
    watched.failure = new Error('down')
    await expect(tokens.revoke('acme', token.id)).rejects.toThrow('down')
    expect(published.map(({ at, message }) => [at, message.outcome, message.reason, message.tokenId])).toEqual([
      ['issue asyncEnd', 'done', null, token.id],
      ['get asyncEnd', 'done', null, token.id],
      ['get asyncEnd', 'not_found', null, null],
      ['list asyncEnd', 'done', null, null],
      ['revoke asyncEnd', 'refused', 'token_not_found', null],
      ['revokeSecret asyncEnd', 'not_found', null, null],
      ['revoke asyncEnd', 'failed', 'store_unavailable', null],
    ])
    const owners = published.map(({ message }) => message.owner)
    expect(owners).toEqual(['acme', 'acme', 'acme', 'acme', 'acme', null, 'acme'])
  })
})

describe('the channel tessera:event', () => {
  it('carries the events of a hook, without one as well', async () => {
    const messages: unknown[] = []
    const listener = (message: unknown) => void messages.push(message)
    const { tokens } = openTokens({ prefix: 'tok_live' })
    await tokens.issue(REQUEST)
    subscribe('tessera:event', listener)
    const { token } = await tokens.issue(REQUEST)
    await tokens.close()
    unsubscribe('tessera:event', listener)
    await tokens.issue(REQUEST)
    await tokens.close()
    const event: unknown = expect.objectContaining({ type: 'issued', tokenId: token.id, owner: 'acme' })
    expect(messages).toEqual([{ operation: 'issued', prefix: 'tok_live', event }])
  })
})

describe('the messages of all channels', () => {
  it('hold no secret and no digest', async () => {
    const names = ['issue', 'verify', 'suspend', 'revokeSecret', 'rotate', 'rotateSecret', 'resume', 'explain', 'store']
    const published = listen(names, PHASES)
    const events: unknown[] = []
    const listener = (message: unknown) => void events.push(message)
    subscribe('tessera:event', listener)
    onTestFinished(() => void unsubscribe('tessera:event', listener))
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.verify(secret)
    await tokens.explain(secret)
    await tokens.suspend('acme', token.id)
    await tokens.verify(secret)
    await tokens.resume('acme', token.id)
    const rotated = await tokens.rotateSecret(secret, { overlapMs: 60_000 })
    await tokens.rotate('acme', token.id, { overlapMs: 60_000 })
    await tokens.revokeSecret(secret)
    await tokens.close()
    const all = JSON.stringify([published, events])
    expect(new Set(published.map(({ at }) => at.split(' ')[0])).size).toBe(names.length)
    expect(events.length).toBeGreaterThan(5)
    for (const each of [secret, rotated?.secret ?? '']) {
      expect(each).not.toBe('')
      expect(all).not.toContain(each)
      expect(all).not.toContain(digestSecret(each))
    }
  })
})
