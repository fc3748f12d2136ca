import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { TokenEvent } from '../observe/token-event.ts'
import type { Token } from '../token/token.ts'
import type { Tokens } from '../tokens.ts'

const CI = { owner: 'acme', name: 'CI', scopes: ['a'] }
const DAY = 86_400_000

/** A token made by another; by a person without one. */
async function make(tokens: Tokens, maker?: Token, facts: { createdBy?: string; name?: string } = {}): Promise<Token> {
  const made = await tokens.issue({ ...CI, ...facts, ...(maker && { actor: { id: maker.id } }) })
  return made.token
}

async function madeBy(tokens: Tokens, issuedBy: string): Promise<readonly string[]> {
  const { tokens: found } = await tokens.list('acme', { issuedBy, window: 'all' })
  return found.map(({ id }) => id).sort()
}

/** A person's token, what it made, what that made, and a token of somebody else. */
async function family(options: Parameters<typeof openTokens>[0] = {}) {
  const { tokens, clock } = openTokens({ activeLimit: null, ...options })
  const root = await make(tokens, undefined, { createdBy: 'dana' })
  const child = await make(tokens, root)
  const grandchild = await make(tokens, child)
  const other = await make(tokens, undefined, { createdBy: 'kim' })
  return { tokens, clock, root, child, grandchild, other }
}

describe('issuedBy', () => {
  it('is the id of the token that issued it, in answers, lists and events; null for a person', async () => {
    const events: TokenEvent[] = []
    const { tokens, root, child } = await family({ onEvent: (event) => events.push(event) })
    expect([root.issuedBy, child.issuedBy]).toEqual([null, root.id])
    await expect(tokens.get('acme', child.id)).resolves.toMatchObject({ issuedBy: root.id })
    await tokens.close()
    expect(events.map((event) => event.type === 'issued' && event.issuedBy)).toEqual([
      ...[null, root.id, child.id, null],
    ])
  })

  it('stays with a successor', async () => {
    const { tokens, root, child } = await family()
    const { token: successor } = await tokens.rotate('acme', child.id)
    expect(successor.issuedBy).toBe(root.id)
    await expect(madeBy(tokens, root.id)).resolves.toContain(successor.id)
  })
})

describe('list by issuedBy', () => {
  it('finds what a token made, and what those made', async () => {
    const { tokens, root, child, grandchild, other } = await family()
    await expect(madeBy(tokens, root.id)).resolves.toEqual([child.id, grandchild.id].sort())
    await expect(madeBy(tokens, child.id)).resolves.toEqual([grandchild.id])
    await expect(madeBy(tokens, other.id)).resolves.toEqual([])
  })

  it('goes by the line: a successor made what its predecessor made', async () => {
    const { tokens, root, child, grandchild } = await family()
    const { token: successor } = await tokens.rotate('acme', root.id)
    const late = await make(tokens, successor)
    for (const each of [root, successor]) {
      await expect(madeBy(tokens, each.id)).resolves.toEqual([child.id, grandchild.id, late.id].sort())
    }
  })

  it('finds it also after the tokens in between, or the token itself, were pruned', async () => {
    const { tokens, clock, root, child, grandchild } = await family()
    const { token: successor } = await tokens.rotate('acme', root.id, { overlapMs: 0 })
    const late = await make(tokens, successor)
    for (const { id } of [child, successor]) await tokens.revoke('acme', id)
    clock.now = NOW + DAY
    expect(await tokens.prune({ keepMs: 0 })).toBe(3)
    for (const { id } of [root, successor])
      await expect(madeBy(tokens, id)).resolves.toEqual([grandchild.id, late.id].sort())
    await expect(madeBy(tokens, child.id)).resolves.toEqual([grandchild.id])
  })

  it('follows more makers than a record names', async () => {
    const { tokens } = openTokens({ activeLimit: null })
    const chain = [await make(tokens)]
    for (let number = 0; number < 70; number += 1) chain.push(await make(tokens, chain.at(-1)))
    const [root, ...made] = chain.map(({ id }) => id)
    expect(new Set(await madeBy(tokens, root ?? ''))).toEqual(new Set(made))
    await expect(tokens.revokeAll('acme', { issuedBy: root ?? '' })).resolves.toMatchObject({ revoked: 70 })
    await expect(tokens.get('acme', root ?? '')).resolves.toMatchObject({ status: 'active' })
  })

  it('follows them from any place of a long row', async () => {
    const { tokens } = openTokens({ activeLimit: null })
    const chain = [await make(tokens)]
    for (let number = 0; number < 60; number += 1) chain.push(await make(tokens, chain.at(-1)))
    const ids = chain.map(({ id }) => id)
    for (const place of [1, 15, 16, 17, 30, 59])
      expect(new Set(await madeBy(tokens, ids[place] ?? ''))).toEqual(new Set(ids.slice(place + 1)))
  })

  it('costs no walk over all tokens where the token is there and has few makers', async () => {
    const { tokens, watched } = openTokens({ activeLimit: null })
    const root = await make(tokens)
    const child = await make(tokens, root)
    watched.calls.length = 0
    expect(await madeBy(tokens, root.id)).toEqual([child.id])
    expect(watched.calls.map(({ method }) => method)).toEqual(['find', 'list'])
  })

  it('finds what is at the end of a long row of which nothing else is left', async () => {
    const { tokens, clock } = openTokens({ activeLimit: null })
    const root = await make(tokens)
    const stolen = await make(tokens, root)
    let last = stolen
    for (let number = 0; number < 70; number += 1) {
      const next = await make(tokens, last)
      if (last !== stolen) await tokens.revoke('acme', last.id)
      last = next
    }
    clock.now = NOW + DAY
    expect(await tokens.prune({ keepMs: 0 })).toBe(69)
    await expect(madeBy(tokens, root.id)).resolves.toEqual([stolen.id, last.id].sort())
    await expect(madeBy(tokens, stolen.id)).resolves.toEqual([last.id])
  })

  it('refuses what is not the id of a token', async () => {
    const { tokens } = openTokens()
    const refusal = { code: 'invalid_parameter', details: { parameter: 'issuedBy' } }
    for (const issuedBy of ['', 'ot_pat_x', 7]) {
      await expect(tokens.list('acme', { issuedBy: issuedBy as string })).rejects.toMatchObject(refusal)
      await expect(tokens.revokeAll('acme', { issuedBy: issuedBy as string })).rejects.toMatchObject(refusal)
    }
  })
})

describe('createdBy', () => {
  it('finds everything that one person made, with what their tokens made for nobody else', async () => {
    const { tokens, root, child, grandchild, other } = await family()
    await make(tokens, root, { createdBy: 'kim' })
    const listed = await tokens.list('acme', { createdBy: 'dana' })
    const ids = new Set([root, child, grandchild].map(({ id }) => id))
    expect(new Set(listed.tokens.map(({ id }) => id))).toEqual(ids)
    expect(listed.total).toBe(3)
    await expect(tokens.revokeAll('acme', { createdBy: 'dana' })).resolves.toMatchObject({ revoked: 3 })
    await expect(tokens.get('acme', other.id)).resolves.toMatchObject({ status: 'active' })
  })

  it('refuses a text that nobody can be recorded by', async () => {
    const { tokens } = openTokens()
    const refusal = { code: 'invalid_parameter', details: { parameter: 'createdBy' } }
    await expect(tokens.list('acme', { createdBy: 'a\nb' })).rejects.toMatchObject(refusal)
    await expect(tokens.revokeAll('acme', { createdBy: '' })).rejects.toMatchObject(refusal)
  })
})

describe('revokeAll by issuedBy', () => {
  it('revokes what a token made, and not the token', async () => {
    const { tokens, root, child, grandchild, other } = await family()
    await expect(tokens.revokeAll('acme', { issuedBy: root.id })).resolves.toEqual({ revoked: 2, replayed: false })
    const statusOf = async ({ id }: Token) => (await tokens.get('acme', id))?.status
    expect(await Promise.all([root, child, grandchild, other].map(statusOf))).toEqual([
      ...['active', 'revoked', 'revoked', 'active'],
    ])
  })

  it('is another request for each token and person', async () => {
    const { tokens, root, child } = await family()
    const keyed = { issuedBy: root.id, idempotencyKey: 'offboard' }
    await tokens.revokeAll('acme', keyed)
    await expect(tokens.revokeAll('acme', keyed)).resolves.toEqual({ revoked: 2, replayed: true })
    for (const others of [{ issuedBy: child.id }, { createdBy: 'dana' }]) {
      await expect(tokens.revokeAll('acme', { ...keyed, ...others })).rejects.toMatchObject({
        code: 'idempotency_conflict',
      })
    }
  })

  it('revokes also what is made while it runs, by a clock that is behind', async () => {
    const store = memoryStore()
    const { tokens, clock, root, child } = await family({ store })
    const behind = openTokens({ store, activeLimit: null, now: () => NOW - 5 })
    const late: Token[] = []
    const revoking = openTokens({
      now: () => clock.now,
      store: {
        ...store,
        async list(query) {
          const page = await store.list(query)
          if (query.makers && query.window !== 'all' && late.length === 0) late.push(await make(behind.tokens, child))
          return page
        },
      },
    })
    const ids = { issuedBy: root.id }
    await expect(revoking.tokens.revokeAll('acme', ids)).resolves.toMatchObject({ revoked: 3 })
    await expect(tokens.get('acme', late[0]?.id ?? '')).resolves.toMatchObject({ status: 'revoked' })
  })
})
