import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it, vi } from 'vitest'
import { ROW, SECRET, SLOW_ROW, open, rowOf } from '../../testing/samples.ts'
import { shardedStore } from '../../testing/sharded-store.ts'
import { sanctum } from '../systems/sanctum.ts'
import type { LegacyRow } from '../systems/system.ts'
import type { LegacyLookup } from './legacy-authenticator.ts'

const UNKNOWN = { ok: false, reason: 'unknown' }
const ACCEPTED = { ok: true, token: { owner: 'acme' } }

function openOn(row: LegacyRow | null, given: Parameters<typeof open>[0] = {}) {
  const asked: LegacyLookup[] = []
  const lookup = async (wanted: LegacyLookup) => {
    asked.push(wanted)
    return row
  }
  return { asked, ...open({ ...given, options: { lookup, ...given.options } }) }
}

describe('a token that was not imported', () => {
  it.each([
    ['memory', memoryStore],
    ['many machines', shardedStore],
  ])('is looked up in the former table, and imported with its first use, on %s', async (_, create) => {
    const { tokens, asked, events } = openOn(ROW, { store: create() })
    expect(await Promise.all([tokens.verify(SECRET), tokens.verify(SECRET)])).toMatchObject([ACCEPTED, ACCEPTED])
    await tokens.close()
    const known = asked.length
    expect(await tokens.verify(SECRET)).toMatchObject(ACCEPTED)
    expect(asked).toHaveLength(known)
    expect(JSON.stringify(asked)).not.toContain(SECRET.slice(3))
    expect(asked[0]).toEqual({ system: 'sanctum', lookup: '12', digest: ROW['token'] })
    expect((await tokens.list('acme')).total).toBe(1)
    expect(events.filter(({ type }) => type === 'imported')).toHaveLength(1)
  })

  it.each([
    ['memory', memoryStore],
    ['many machines', shardedStore],
  ])('is accepted while another process adds it, or has died before, on %s', async (_, create) => {
    const store = create()
    const dying = { ...store, insert: () => new Promise<never>(() => {}) }
    const first = openOn(ROW, { store: dying })
    const insert = vi.spyOn(dying, 'insert')
    void first.tokens.verify(SECRET)
    await vi.waitFor(() => expect(insert).toHaveBeenCalled())
    const { tokens } = openOn(ROW, { store })
    expect(await tokens.verify(SECRET)).toMatchObject(ACCEPTED)
    expect((await tokens.list('acme')).total).toBe(1)
  })

  it('does not come back once it was revoked and pruned, even if the process died that added it', async () => {
    const store = memoryStore()
    let now = Date.parse('2026-01-01')
    const { change } = store
    // The note of the addition is lost.
    const marks: TokenStore['change'] = async (owner, wants, decide) =>
      change(owner, wants, (seen) => {
        const decision = decide(seen)
        if (owner.startsWith('\u0001') && decision.put !== undefined) throw new Error('died')
        return decision
      })
    const dying = openOn(ROW, { store: { ...store, change: marks }, now: () => now })
    await expect(dying.tokens.verify(SECRET)).rejects.toMatchObject({ code: 'store_unavailable' })
    const { tokens } = openOn(ROW, { store, now: () => now })
    expect(await tokens.revokeAll('acme')).toMatchObject({ revoked: 1 })
    now += 86_400_000
    expect(await tokens.prune({ keepMs: 1 })).toBe(1)
    expect(await tokens.verify(SECRET)).toEqual(UNKNOWN)
  })

  it('has its slow hash checked before it is imported', async () => {
    const { tokens, hashed } = openOn(SLOW_ROW)
    expect(await tokens.verify('key1.wrong')).toEqual(UNKNOWN)
    expect((await tokens.list('acme')).total).toBe(0)
    expect(await tokens.verify('key1.right')).toMatchObject(ACCEPTED)
    await tokens.close()
    expect(await tokens.verify('key1.right')).toMatchObject(ACCEPTED)
    expect(hashed()).toBeLessThanOrEqual(3)
  })

  it('is unknown if the table has another row, or none', async () => {
    for (const row of [null, rowOf(13), rowOf(12, { token: 'ab'.repeat(32) })])
      expect(await openOn(row).tokens.verify(SECRET)).toEqual(UNKNOWN)
  })

  it('is unknown if its row cannot be kept, and the app learns why', async () => {
    const errors: string[] = []
    const options = { onError: ({ message }: Error) => errors.push(message) }
    const wrong = openOn(rowOf(12, { tokenable_id: null }), { options })
    expect(await wrong.tokens.verify(SECRET)).toEqual(UNKNOWN)
    const costly = openOn({ ...SLOW_ROW, hash: '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA' }, { options })
    expect(await costly.tokens.verify('key1.right')).toEqual(UNKNOWN)
    const map = ({ owner }: LegacyRow) => ({ owner: (owner as string).trim() })
    const mapped = openOn(ROW, { options: { ...options, systems: [sanctum({ map })] } })
    expect(await mapped.tokens.verify(SECRET)).toEqual(UNKNOWN)
    expect(errors).toEqual([
      'sanctum: a row cannot be kept: the row has no owner: give it one, or the option map',
      'hashed-column: a row cannot be kept: the hash is none of bcrypt, PBKDF2 and scrypt, or costs too much',
      'sanctum: a row cannot be kept: reading the row failed with TypeError',
    ])
  })

  it('is neither accepted nor refused while the table does not answer', async () => {
    const lookup = () => Promise.reject(new Error('table is away'))
    const { tokens } = open({ options: { lookup } })
    await expect(tokens.verify(SECRET)).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  it('does not come back from the table once it was revoked and pruned', async () => {
    const { tokens } = openOn(ROW)
    await tokens.verify(SECRET)
    await tokens.close()
    await tokens.revokeAll('acme')
    expect(await tokens.verify(SECRET)).toEqual({ ok: false, reason: 'revoked' })
    while ((await tokens.prune({ keepMs: 0 })) === 0) await new Promise(setImmediate)
    expect(await tokens.verify(SECRET)).toEqual(UNKNOWN)
    expect(await tokens.verify(SECRET)).toEqual(UNKNOWN)
  })
})
