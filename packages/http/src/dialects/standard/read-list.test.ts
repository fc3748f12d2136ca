import { describe, expect, it } from 'vitest'
import { listParameters, readList } from './read-list.ts'

const read = (query: string) => readList(new URLSearchParams(query), 'acme')
const T = '2026-06-12T10:00:00.5Z'
const AT = new Date('2026-06-12T10:00:00.500Z')

describe('readList', () => {
  it('lists everything by default: the 50 newest', () => {
    const { sort, window, ...filters } = read('')
    expect([sort, window]).toEqual([
      { by: 'createdAt', direction: 'desc' },
      { after: null, limit: 50 },
    ])
    expect(Object.values(filters).every((filter) => filter === null)).toBe(true)
  })

  it.each<[string, object]>([
    ['status=suspended,active', { statuses: ['active', 'suspended'] }],
    ['name=ci%25', { name: 'ci%' }],
    ['name=', { name: null }],
    ['createdBy=user-17', { createdBy: 'user-17' }],
    ['issuedBy=id', { issuedBy: 'id' }],
    ['scope=jobs:read', { scope: 'jobs:read' }],
    [`createdAfter=${T}`, { createdAfter: AT }],
    [`createdBefore=${T}`, { createdBefore: AT }],
    [`usedAfter=${T}`, { usedAfter: AT }],
    ['unusedSince=2026-06-12T12:00:00.5%2B02:00', { unusedSince: AT }],
    [`expiresBefore=${T}`, { expiresBefore: AT }],
    ['sort=lastUsedAt&order=asc', { sort: { by: 'lastUsedAt', direction: 'asc' } }],
    ['limit=100', { window: { after: null, limit: 100 } }],
  ])('reads %s, and nothing else from it', (query, wanted) => {
    expect(read(query)).toEqual({ ...read(''), ...wanted })
  })

  it.each([
    ...['status=', 'status=Active', 'status=active,', 'status=active,active', 'status=active&status=expired'],
    ...['name=a&name=b', 'sort=id', 'sort=', 'order=down', 'limit=0', 'limit=101', 'limit=', 'limit=1e1'],
    ...['createdAfter=', 'createdAfter=2026-06-12', 'unusedSince=2026-06-12T12:00:00+02:00', 'usedAfter=1765000000'],
    ...['after=', 'after=b4f0c0de-0000-4000-8000-000000000001'],
  ])('refuses %s by its name', (query) => {
    const parameter = query.slice(0, query.indexOf('='))
    expect(listParameters).toContain(parameter)
    expect(() => read(query)).toThrow(expect.objectContaining({ code: 'invalid_parameter', facts: { parameter } }))
    expect(() => read(query)).toThrow(`${parameter} must be `)
  })
})
