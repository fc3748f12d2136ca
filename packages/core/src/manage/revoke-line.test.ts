import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { OpenTokens } from '../../testing/open-tokens.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }
const DAY = 24 * 60 * 60 * 1000

/** The ids of the owner's tokens that are still accepted, in the order of their making. */
async function acceptedIn({ tokens }: Pick<OpenTokens, 'tokens'>): Promise<readonly string[]> {
  const list = await tokens.list('acme', { statuses: ['active', 'suspended'], window: 'all' })
  return list.tokens.map(({ id }) => id)
}

describe('revokeSecret', () => {
  it('ends the successor that a thief made and keeps unused, at once', async () => {
    const open = openTokens()
    const { token, secret } = await open.tokens.issue(REQUEST)
    const stolen = await open.tokens.rotateSecret(secret, { overlapMs: 30 * DAY })
    const further = await open.tokens.rotateSecret(stolen?.secret ?? '')
    open.watched.calls.length = 0
    const revoked = await open.tokens.revokeSecret(secret)
    expect(revoked).toMatchObject({ token: { id: token.id }, ended: [stolen?.token.id, further?.token.id] })
    expect(await acceptedIn(open)).toEqual([])
    expect(await open.tokens.revokeSecret(secret)).toEqual({ ...revoked, replayed: false })
  })

  it('leaves a successor that was used', async () => {
    const open = openTokens()
    const { secret } = await open.tokens.issue(REQUEST)
    const successor = await open.tokens.rotateSecret(secret)
    await open.tokens.verify(successor?.secret)
    expect(await open.tokens.revokeSecret(secret)).toMatchObject({ ended: [] })
    expect(await acceptedIn(open)).toEqual([successor?.token.id])
  })

  it('has one effect under a key, the same as revoke by id, and names what ended with the token', async () => {
    const { tokens } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    const successor = await tokens.rotateSecret(secret)
    const keyed = { idempotencyKey: 'revoke-1' }
    const first = await tokens.revokeSecret(secret, keyed)
    expect(first).toMatchObject({ replayed: false, ended: [successor?.token.id] })
    expect(await tokens.revokeSecret(secret, keyed)).toEqual({ ...first, replayed: true })
    expect(await tokens.revoke('acme', token.id, keyed)).toMatchObject({ replayed: true })
  })
})

describe('revoke, of a leaked token', () => {
  it('is announced whole when it is repeated, after a failure between a record and its announcement', async () => {
    const memory = memoryStore()
    let fails = false
    const { tokens } = openTokens({
      store: {
        ...memory,
        async change(owner, wants, decide) {
          const isCut = wants.ids.length > 1 && fails
          if (!isCut) return memory.change(owner, wants, decide)
          fails = false
          await memory.change(owner, wants, (seen) => ({ ...decide(seen), announce: [] }))
          throw new Error('ECONNRESET')
        },
      },
    })
    const first = await tokens.issue(REQUEST)
    const child = await tokens.issue({ ...REQUEST, actor: { id: first.token.id } })
    await tokens.issue({ ...REQUEST, actor: { id: child.token.id } })
    fails = true
    const before = await memory.feed.revision()
    const leaked = () => tokens.revoke('acme', first.token.id, { reason: 'leaked', issued: true })
    await expect(leaked()).rejects.toThrow('revoke a line of tokens')
    expect(await leaked()).toMatchObject({ ended: { length: 2 } })
    expect(await memory.feed.changesSince(before)).toMatchObject({ owners: ['acme'] })
  })

  /** A used line of three with an unused successor, the tokens that two of them issued, and a token of another line. */
  async function openLine() {
    const events: { type: string; ended?: readonly string[] }[] = []
    const open = openTokens({ onEvent: (event) => void events.push(event) })
    const { tokens } = open
    const first = await tokens.issue(REQUEST)
    const child = await tokens.issue({ ...REQUEST, actor: { id: first.token.id } })
    const grandchild = await tokens.issue({ ...REQUEST, actor: { id: child.token.id } })
    const second = await tokens.rotate('acme', first.token.id)
    await tokens.verify(second.secret)
    const third = await tokens.rotate('acme', second.token.id)
    const other = await tokens.issue(REQUEST)
    open.clock.now = NOW + 5
    const [ids, made] = [[first, second, third].map(({ token }) => token.id), [child, grandchild]]
    return { ...open, ids, made: made.map(({ token }) => token.id), other: other.token.id, events, second, third }
  }

  it.each([0, 1, 2])('ends the whole line, forwards and backwards, from member %i on', async (member) => {
    const line = await openLine()
    const id = line.ids[member] ?? ''
    const { ended, token } = await line.tokens.revoke('acme', id, { reason: 'leaked' })
    expect(token.revokedReason).toBe(member === 0 ? 'rotated' : 'leaked')
    expect(new Set([...ended, id, line.ids[0]])).toEqual(new Set(line.ids))
    expect(new Set(await acceptedIn(line))).toEqual(new Set([...line.made, line.other]))
    await line.tokens.close()
    expect(line.events.at(-1)).toMatchObject({ type: 'revoked', ended })
  })

  it('ends all that the line issued, by an option', async () => {
    const line = await openLine()
    const leaked = { reason: 'leaked', issued: true } as const
    const { ended } = await line.tokens
      .revokeSecret(line.second.secret, leaked)
      .then((answer) => answer ?? { ended: [] })
    expect(new Set(ended)).toEqual(new Set([line.third.token.id, ...line.made]))
    expect(await acceptedIn(line)).toEqual([line.other])
    const wrong = { code: 'invalid_parameter', details: { parameter: 'issued' } }
    await expect(line.tokens.revoke('acme', line.other, { issued: true })).rejects.toMatchObject(wrong)
  })

  it('ends by that option what is at the end of a row longer than a token names makers', async () => {
    const { tokens } = openTokens({ activeLimit: null })
    const row = [(await tokens.issue(REQUEST)).token.id]
    while (row.length < 100) row.push((await tokens.issue({ ...REQUEST, actor: { id: row.at(-1) ?? '' } })).token.id)
    // The 21st is named neither by the nearest of its row nor by the first.
    await tokens.revoke('acme', row[20] ?? '', { reason: 'leaked', issued: true })
    expect(new Set(await acceptedIn({ tokens }))).toEqual(new Set(row.slice(0, 20)))
  })

  it('names in explain what ended with the token', async () => {
    const line = await openLine()
    await line.tokens.revoke('acme', line.second.token.id, { reason: 'leaked' })
    const { token } = await line.tokens.explain(line.third.secret)
    expect(token).toMatchObject({ revokedReason: 'leaked', endedWith: [line.second.token.id] })
  })

  it('ends the rest also if a member between was pruned', async () => {
    const { tokens, clock, ...open } = openTokens()
    const first = await tokens.issue(REQUEST)
    const second = await tokens.rotate('acme', first.token.id, { overlapMs: 30 * DAY })
    await tokens.rotate('acme', second.token.id, { overlapMs: 0 })
    clock.now = NOW + 5
    await tokens.prune({ keepMs: 0 })
    expect(await tokens.get('acme', second.token.id)).toBeNull()
    await tokens.revoke('acme', first.token.id, { reason: 'leaked' })
    expect(await acceptedIn({ ...open, tokens })).toEqual([])
  })

  it('ends a long line in bounded steps', async () => {
    const open = openTokens()
    const { token } = await open.tokens.issue(REQUEST)
    let last = await open.tokens.rotate('acme', token.id)
    for (let count = 0; count < 450; count += 1) {
      await open.tokens.verify(last.secret)
      last = await open.tokens.rotate('acme', last.token.id, { overlapMs: 30 * DAY })
    }
    await open.tokens.revoke('acme', token.id, { reason: 'leaked' })
    expect(await acceptedIn(open)).toEqual([])
    const most = open.watched.calls.map(({ args }) => (args[1] as { ids?: readonly string[] })?.ids?.length ?? 0)
    expect(Math.max(...most)).toBeLessThanOrEqual(400)
  })

  it('lets no thief escape who rotates at the same moment, nor behind the walk', async () => {
    for (const overlapMs of [0, DAY]) {
      const store = memoryStore()
      const thief = openTokens({ store, now: () => NOW - 60_000 })
      const { tokens, ...open } = openTokens({
        store: {
          ...store,
          async list(query) {
            const page = await store.list(query)
            // The thief's server has a clock that is behind: its tokens lie before what was listed.
            const [newest] = (await thief.tokens.list('acme', { statuses: ['active'], window: 'all' })).tokens
            if (newest !== undefined) await thief.tokens.rotate('acme', newest.id, { overlapMs })
            return page
          },
        },
      })
      const { token, secret } = await tokens.issue(REQUEST)
      await thief.tokens.rotateSecret(secret, { overlapMs: 30 * DAY })
      await tokens.revoke('acme', token.id, { reason: 'leaked' })
      expect(await acceptedIn({ ...open, tokens: thief.tokens })).toEqual([])
    }
  })
})
