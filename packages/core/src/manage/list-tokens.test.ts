import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { OpenTokens } from '../../testing/open-tokens.ts'
import type { Place, SortField } from '../store/query.ts'
import { invalidParameter } from '../token/errors.ts'
import { timeOrderedIds, uuidIds } from '../token/ids.ts'
import type { Token } from '../token/token.ts'
import type { ListOptions, TokenList } from './list-tokens.ts'

/** Five tokens of `acme`, one a second, of which two are revoked or suspended; and one of another owner. */
async function issueFive(): Promise<OpenTokens & { issued: Token[] }> {
  const opened = openTokens({ ids: timeOrderedIds })
  const { tokens, clock } = opened
  const issued: Token[] = []
  for (const name of ['ci-deploy', 'CI Pipeline', 'laptop', 'suspended ci', 'revoked']) {
    clock.now += 1000
    const expiresAt = name === 'laptop' ? new Date(NOW + 10_000) : null
    issued.push((await tokens.issue({ owner: 'acme', name, scopes: [], expiresAt })).token)
  }
  await tokens.issue({ owner: 'other', name: 'ci', scopes: [] })
  await tokens.suspend('acme', issued[3]?.id ?? '')
  await tokens.revoke('acme', issued[4]?.id ?? '')
  return { ...opened, issued }
}

function names({ tokens }: TokenList): string[] {
  return tokens.map(({ name }) => name)
}

describe('listTokens', () => {
  it('lists the first 50 of one owner, oldest first, with their total', async () => {
    const { tokens } = await issueFive()
    const list = await tokens.list('acme')
    expect(names(list)).toEqual(['ci-deploy', 'CI Pipeline', 'laptop', 'suspended ci', 'revoked'])
    expect(list).toMatchObject({ total: 5, next: null })
    expect(list.tokens.map(({ status }) => status)).toEqual(['active', 'active', 'active', 'suspended', 'revoked'])

    const many = openTokens({ activeLimit: null })
    for (let n = 0; n < 51; n++) await many.tokens.issue({ owner: 'acme', name: `${n}`, scopes: [] })
    const first = await many.tokens.list('acme')
    expect(first.tokens).toHaveLength(50)
    expect(first.total).toBe(51)
  })

  it('is empty for an owner without tokens', async () => {
    const { tokens } = await issueFive()
    expect(await tokens.list('nobody')).toEqual({ tokens: [], total: 0, next: null })
  })

  it('shows no digest', async () => {
    const { tokens } = await issueFive()
    const list = await tokens.list('acme')
    expect(list.tokens.filter((token) => 'digest' in token)).toEqual([])
  })

  it('filters by status at one instant, which the total agrees with', async () => {
    const { tokens, clock } = await issueFive()
    clock.now = NOW + 9999
    expect(await tokens.list('acme', { statuses: ['active'] })).toMatchObject({ total: 3 })
    clock.now = NOW + 10_000
    const active = await tokens.list('acme', { statuses: ['active'] })
    expect(names(active)).toEqual(['ci-deploy', 'CI Pipeline'])
    expect(active.total).toBe(2)
    const ended = await tokens.list('acme', { statuses: ['expired', 'revoked'] })
    expect(ended.tokens.map(({ status }) => status)).toEqual(['expired', 'revoked'])
    expect(await tokens.list('acme', { statuses: [] })).toMatchObject({ tokens: [], total: 0 })
  })

  it('filters by a part of the name without regard to case, and by status at once', async () => {
    const { tokens } = await issueFive()
    expect(names(await tokens.list('acme', { name: 'ci' }))).toEqual(['ci-deploy', 'CI Pipeline', 'suspended ci'])
    expect(names(await tokens.list('acme', { name: 'CI', statuses: ['suspended'] }))).toEqual(['suspended ci'])
    expect(await tokens.list('acme', { name: '' })).toMatchObject({ total: 5 })
    expect(await tokens.list('acme', { name: null, statuses: null })).toMatchObject({ total: 5 })
  })

  it('sorts by creation, id, last use and status, in both directions', async () => {
    const { tokens, watched, issued } = await issueFive()
    await watched.store.recordUse([{ owner: 'acme', id: issued[2]?.id ?? '', at: NOW }])
    const sorted = async (by: 'createdAt' | 'id' | 'lastUsedAt' | 'status', direction: 'asc' | 'desc') =>
      names(await tokens.list('acme', { sort: { by, direction } }))
    const created = ['ci-deploy', 'CI Pipeline', 'laptop', 'suspended ci', 'revoked']
    expect(await sorted('createdAt', 'desc')).toEqual(created.toReversed())
    expect(await sorted('id', 'asc')).toEqual(created)
    expect((await sorted('lastUsedAt', 'desc')).at(0)).toBe('laptop')
    expect((await sorted('lastUsedAt', 'asc')).at(-1)).toBe('laptop')
    expect(await sorted('status', 'asc')).toEqual(['ci-deploy', 'CI Pipeline', 'laptop', 'revoked', 'suspended ci'])
  })

  it('gives a range by position, with the total of all', async () => {
    const { tokens } = await issueFive()
    const middle = await tokens.list('acme', { window: { offset: 1, limit: 2 } })
    expect(names(middle)).toEqual(['CI Pipeline', 'laptop'])
    expect(middle).toMatchObject({ total: 5, next: null })
    expect(await tokens.list('acme', { window: { offset: 5, limit: 2 } })).toMatchObject({ tokens: [], total: 5 })
  })

  it('walks from row to row, each row once', async () => {
    const { tokens, issued } = await issueFive()
    const first = await tokens.list('acme', { window: { after: null, limit: 3 } })
    expect(names(first)).toEqual(['ci-deploy', 'CI Pipeline', 'laptop'])
    expect(first).toMatchObject({ total: null, next: { value: issued[2]?.createdAt.getTime(), id: issued[2]?.id } })
    const second = await tokens.list('acme', { window: { after: first.next, limit: 3 } })
    expect(names(second)).toEqual(['suspended ci', 'revoked'])
    expect(second.next).toBeNull()
  })

  it('goes on where it was after a row that was pruned, in any order', async () => {
    for (const by of ['createdAt', 'id', 'lastUsedAt', 'status'] as const) {
      const { tokens, issued, clock } = await issueFive()
      const sort = { by, direction: 'asc' } as const
      const all = (await tokens.list('acme', { sort, window: 'all' })).tokens.map(({ id }) => id)
      const first = await tokens.list('acme', { sort, window: { after: null, limit: 2 } })
      await tokens.revoke('acme', first.next?.id ?? '')
      clock.now += 1
      expect(await tokens.prune({ keepMs: 0 })).toBe(2)
      const second = await tokens.list('acme', { sort, window: { after: first.next, limit: 9 } })
      expect(second.tokens.map(({ id }) => id)).toEqual(all.slice(2).filter((id) => id !== issued[4]?.id))
    }
  })

  it('takes a place for plain data: as JSON it goes on as well', async () => {
    const { tokens } = await issueFive()
    const { next } = await tokens.list('acme', { window: { after: null, limit: 3 } })
    const after = JSON.parse(JSON.stringify(next)) as Place
    expect(names(await tokens.list('acme', { window: { after, limit: 3 } }))).toEqual(['suspended ci', 'revoked'])
  })

  it('goes on after a place where no token of the owner is, as between two', async () => {
    const { tokens, issued } = await issueFive()
    const after = { value: (issued[1]?.createdAt.getTime() ?? 0) + 1, id: timeOrderedIds.generate(NOW) }
    expect(names(await tokens.list('acme', { window: { after, limit: 1 } }))).toEqual(['laptop'])
  })

  it('refuses the place of a secret, and does not ask the store', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: [] })
    const before = watched.calls.length
    const list = tokens.list('acme', { window: { after: { value: NOW, id: secret }, limit: 3 } })
    await expect(list).rejects.toMatchObject({ code: 'invalid_parameter', details: { parameter: 'window.after' } })
    expect(watched.calls).toHaveLength(before)
  })

  it('gives everything', async () => {
    const { tokens } = await issueFive()
    const all = await tokens.list('acme', { window: 'all' })
    expect(all.tokens).toHaveLength(5)
    expect(all).toMatchObject({ total: null, next: null })
  })

  const statuses = 'taken from active, suspended, expired, revoked'
  const name = 'a text of at most 255 characters'
  const by = 'one of createdAt, id, lastUsedAt, status'
  const after = 'the next of an earlier page of the same sort, or null for the start'
  const id = uuidIds.generate(NOW)
  const at = (value: unknown, by: SortField) => ({
    sort: { by, direction: 'asc' },
    window: { after: { value, id }, limit: 10 },
  })

  it.each<[string, object, string]>([
    ['statuses', { statuses: ['retired'] }, statuses],
    ['statuses', { statuses: 'active' }, statuses],
    ['name', { name: 7 }, name],
    ['name', { name: 'x'.repeat(256) }, name],
    ['sort.by', { sort: { by: 'name', direction: 'asc' } }, by],
    ['sort.by', { sort: { by: '__proto__', direction: 'asc' } }, by],
    ['sort.direction', { sort: { by: 'id', direction: 'up' } }, 'asc or desc'],
    ['sort.direction', { sort: { by: 'id' } }, 'asc or desc'],
    ['window.limit', { window: { offset: 0, limit: 0 } }, 'a positive integer'],
    ['window.limit', { window: { offset: 0, limit: -1 } }, 'a positive integer'],
    ['window.limit', { window: { after: null, limit: 1.5 } }, 'a positive integer'],
    ['window.limit', { window: { offset: 0, limit: '10' } }, 'a positive integer'],
    ['window.limit', { window: { offset: 0 } }, 'a positive integer'],
    ['window', { window: { offset: 5, after: null, limit: 10 } }, 'by offset or after a place, not both'],
    ['window.offset', { window: { offset: -1, limit: 10 } }, 'an integer from 0'],
    ['window.offset', { window: { offset: 2 ** 53, limit: 10 } }, 'an integer from 0'],
    ['window.offset', { window: { offset: undefined, limit: 10 } }, 'an integer from 0'],
    ['window.after', { window: { limit: 10 } }, after],
    ['window.after', { window: { after: 7, limit: 10 } }, after],
    ['window.after', { window: { after: id, limit: 10 } }, after],
    ['window.after', { window: { after: {}, limit: 10 } }, after],
    ['window.after', { window: { after: { id }, limit: 10 } }, after],
    ['window.after', { window: { after: { id, value: NOW, owner: 'b' }, limit: 10 } }, after],
    ['window.after', { window: { after: { value: NOW }, limit: 10 } }, after],
    ['window.after', { window: { after: { value: NOW, id: [id] }, limit: 10 } }, after],
    ['window.after', { window: { after: { value: NOW, id: id.toUpperCase() }, limit: 10 } }, after],
    ['window.after', at('1', 'createdAt'), after],
    ['window.after', at(0.5, 'createdAt'), after],
    ['window.after', at(null, 'createdAt'), after],
    ['window.after', at(Number.NaN, 'lastUsedAt'), after],
    ['window.after', at('active', 'lastUsedAt'), after],
    ['window.after', at(NOW, 'id'), after],
    ['window.after', at(uuidIds.generate(NOW), 'id'), after],
    ['window.after', at('expired', 'status'), after],
    ['window.after', at(null, 'status'), after],
  ])('refuses as %s, before any store call: %j', async (parameter, options, right) => {
    const { tokens, watched } = openTokens()
    await expect(tokens.list('acme', options as ListOptions)).rejects.toEqual(invalidParameter(parameter, right))
    expect(watched.calls).toEqual([])
  })

  it('lists nothing by a mistyped name, which would be no filter', async () => {
    const { tokens, watched } = openTokens()
    const options = { status: ['active'] } as never
    await expect(tokens.list('acme', options)).rejects.toThrow(
      'list: unknown option "status"; the options are statuses',
    )
    expect(watched.calls).toEqual([])
  })

  it('refuses what is no owner', async () => {
    const { tokens, watched } = openTokens()
    await expect(tokens.list('')).rejects.toMatchObject({ details: { parameter: 'owner' } })
    expect(watched.calls).toEqual([])
  })
})
