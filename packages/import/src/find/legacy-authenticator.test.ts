import type { Verification } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it, vi } from 'vitest'
import { ROW, SECRET, SLOW_ROW, open, slow } from '../../testing/samples.ts'
import { shardedStore } from '../../testing/sharded-store.ts'
import { importTokens } from '../move/import-tokens.ts'
import { hashedColumn } from '../systems/hashed-column.ts'
import { sanctum } from '../systems/sanctum.ts'
import { legacyAuthenticator } from './legacy-authenticator.ts'

const WRONG = `${SECRET.slice(0, -1)}e`
const UNKNOWN = { ok: false, reason: 'unknown' }
const ACCEPTED = { ok: true, token: { owner: 'acme' } }

async function openWith(rows: 'fast' | 'slow', given: Parameters<typeof open>[0] = {}) {
  const opened = open(given)
  const from = rows === 'fast' ? sanctum() : slow
  await importTokens(opened.tokens, [rows === 'fast' ? ROW : SLOW_ROW], { from })
  return opened
}

type Answer = Verification | 'store_unavailable'

/** Tokens `key0` to `key6`, and a bcrypt that answers once it is ended. */
async function openSlowly(slowHashes: { atOnce: number; waiting: number }) {
  const ends: (() => void)[] = []
  const started: string[] = []
  const bcrypt = (text: string) => {
    started.push(text)
    return new Promise<boolean>((resolve) => ends.push(() => resolve(false)))
  }
  const { tokens } = open({ options: { bcrypt, slowHashes } })
  const rows = Array.from({ length: 7 }, (_, index) => ({ ...SLOW_ROW, lookup: `key${index}`, hash: hashOf(index) }))
  await importTokens(tokens, rows, { from: slow })
  return {
    started,
    verifyAll: (secrets: string[]): Promise<Answer>[] =>
      secrets.map((secret) => tokens.verify(secret).catch(({ code }) => code)),
    async endAll(all: readonly Promise<Answer>[]) {
      const answers: Answer[] = []
      for (const each of all) void each.then((answer) => answers.push(answer))
      for (; answers.length < all.length; await new Promise(setImmediate)) for (const end of ends.splice(0)) end()
      return answers
    },
  }
}

const isUnknown = (answer: Answer) => typeof answer === 'object' && !answer.ok && answer.reason === 'unknown'

const hashOf = (index: number) => `$2b$04$${String(index).repeat(53)}`

describe('legacyAuthenticator', () => {
  it.each([
    ['memory', memoryStore, 1],
    ['many machines', shardedStore, 2],
  ])('finds a fast digest in one call of the store, on %s in %i at its first use', async (_, create, atFirst) => {
    const store = create()
    const { tokens } = await openWith('fast', { store })
    const find = vi.spyOn(store, 'findByDigest')
    expect(await tokens.verify(SECRET)).toMatchObject(ACCEPTED)
    expect(find).toHaveBeenCalledTimes(atFirst)
    await tokens.close()
    for (const [secret, answer] of [[SECRET, ACCEPTED] as const, [WRONG, UNKNOWN] as const]) {
      find.mockClear()
      expect(await tokens.verify(secret)).toMatchObject(answer)
      expect(find).toHaveBeenCalledTimes(1)
    }
  })

  it('binds the digest to the part of the secret that is no secret', async () => {
    const { tokens } = await openWith('fast')
    expect(await tokens.verify(SECRET.replace('12|', '13|'))).toEqual(UNKNOWN)
    expect(await tokens.verify(SECRET.slice(3))).toEqual({ ok: false, reason: 'malformed' })
  })

  it('takes no row of the former table for a secret, nor the place of one', async () => {
    const any = hashedColumn({ split: (secret) => ({ lookup: secret }) })
    const { tokens } = open({ options: { systems: [any] } })
    await importTokens(tokens, [SLOW_ROW], { from: any })
    const named = [
      ['digest', any.name, 'key1', null, SLOW_ROW['hash']],
      ['pointer', any.name, 'key1'],
    ]
    for (const parts of named)
      expect(await tokens.verify(JSON.stringify(['tessera import', ...parts]))).toEqual(UNKNOWN)
  })

  it.each([
    ['memory', memoryStore],
    ['many machines', shardedStore],
  ])('hashes slowly for the first use of a token only, and once for many at once, on %s', async (_, create) => {
    const { tokens, hashed } = await openWith('slow', { store: create() })
    const first = await Promise.all([1, 2, 3].map(() => tokens.verify('key1.right')))
    expect(first).toMatchObject([ACCEPTED, ACCEPTED, ACCEPTED])
    await tokens.close()
    expect(await tokens.verify('key1.right')).toMatchObject(ACCEPTED)
    expect(await tokens.verify('key1.wrong')).toEqual(UNKNOWN)
    expect(hashed()).toBe(1)
  })

  it('hashes nothing slowly for an unknown secret, and once for a wrong one', async () => {
    const { tokens, hashed } = await openWith('slow')
    expect(await tokens.verify('key2.right')).toEqual(UNKNOWN)
    expect(hashed()).toBe(0)
    expect(await tokens.verify('key1.wrong')).toEqual(UNKNOWN)
    expect(hashed()).toBe(1)
  })

  it('lets the slow hashes of few tokens run and of some wait: the rest is answered like a store that is down', async () => {
    const { verifyAll, endAll } = await openSlowly({ atOnce: 2, waiting: 3 })
    const all = verifyAll(Array.from({ length: 7 }, (_, index) => `key${index}.wrong`))
    expect(await Promise.race(all)).toBe('store_unavailable')
    const answers = await endAll(all)
    expect(answers.filter((each) => each === 'store_unavailable')).toHaveLength(2)
    expect(answers.filter(isUnknown)).toHaveLength(5)
  })

  it('lets guesses at one token wait for each other only, and few of them', async () => {
    const { verifyAll, endAll, started } = await openSlowly({ atOnce: 2, waiting: 3 })
    const guesses = verifyAll(Array.from({ length: 20 }, (_, index) => `key1.wrong${index}`))
    expect(await Promise.race(guesses)).toBe('store_unavailable')
    const others = verifyAll(['key2.wrong', 'key3.wrong', 'key4.wrong'])
    await vi.waitFor(() => expect(started).toEqual(['key1.wrong0', 'key2.wrong']))
    expect(await endAll(others)).toEqual([UNKNOWN, UNKNOWN, UNKNOWN])
    const answers = await endAll(guesses)
    expect(started.slice(0, 5).filter((each) => each.startsWith('key1'))).toHaveLength(2)
    expect(answers.filter(isUnknown)).toHaveLength(6)
    expect(answers.filter((each) => each === 'store_unavailable')).toHaveLength(14)
  })

  it('is neither accepted nor refused while bcrypt fails', async () => {
    const bcrypt = () => Promise.reject(new Error('no such library'))
    const { tokens } = await openWith('slow', { options: { bcrypt } })
    await expect(tokens.verify('key1.right')).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  it('keeps a token revoked that is revoked during its first use', async () => {
    const ended: (() => void)[] = []
    const bcrypt = () => new Promise<boolean>((resolve) => ended.push(() => resolve(true)))
    const { tokens } = await openWith('slow', { options: { bcrypt } })
    const first = tokens.verify('key1.right')
    await vi.waitFor(() => expect(ended).toHaveLength(1))
    expect(await tokens.revokeAll('acme')).toMatchObject({ revoked: 1 })
    ended[0]?.()
    await first
    await tokens.close()
    expect(await tokens.verify('key1.right')).toEqual({ ok: false, reason: 'revoked' })
  })

  it.each<[string, object]>([
    ['option "systems" must be a list of systems', {}],
    ['option "systems" must be a list of systems', { systems: [] }],
    ['option "systems" must be a list of systems', { systems: [sanctum(), sanctum()] }],
    ['option "systems" must be a list of systems', { systems: [{ name: 'own' }] }],
    ['unknown option "system"', { systems: [sanctum()], system: sanctum() }],
    ['slowHashes: option "atOnce" must be', { systems: [sanctum()], slowHashes: { atOnce: 0 } }],
    ['option "slowHashes" must be', { systems: [sanctum()], slowHashes: null }],
    ['option "systems" must be a list of systems', { systems: [{ ...sanctum(), name: '' }] }],
    ['option "lookup" must be a function', { systems: [sanctum()], lookup: 'table' }],
  ])('is refused when it is built: %s', (message, options) => {
    expect(() => Reflect.apply(legacyAuthenticator, undefined, [options])).toThrow(TypeError)
    expect(() => Reflect.apply(legacyAuthenticator, undefined, [options])).toThrow(message)
  })
})
