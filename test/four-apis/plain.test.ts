import { expect, it } from 'vitest'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'

describeFourApis('plain', (four) => {
  const api = four.apis.plain

  it('has no envelope but the list', async () => {
    const { body } = await api.call('GET', api.facts.list)
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['tokens'])
  })

  it('lists newest first, ties by id, descending too', async () => {
    await Promise.all(Array.from({ length: 15 }, () => api.issue()))
    const keys = (await api.list()).map(({ id, createdAt }) => `${String(createdAt)} ${id}`)
    expect(keys).toEqual(keys.toSorted().toReversed())
    expect(keys.length).toBeGreaterThan(20)
  })

  it('ignores every parameter: it has none', async () => {
    const ids = async (query: string) => (await api.list(query)).map(({ id }) => id)
    expect(await ids('?limit=1&page=0&page=x&status=&name=Valid&cursor=x&pagination[offset]=-1')).toEqual(await ids(''))
  })

  it('shows prefix, first four, eight asterisks and last four of the secret', async () => {
    const { valid, revoked } = api.facts.tokens
    for (const { id, secret } of [valid, revoked]) {
      const { preview } = await api.get(id)
      expect(preview).toBe(`ot_pat_${secret.slice(7, 11)}********${secret.slice(-4)}`)
    }
  })

  it('belongs to no organization, and says so', async () => {
    for (const record of await api.list()) expect(record['organizationId']).toBeNull()
  })

  it('keeps revoked and expired records beside active ones', async () => {
    const statuses = new Set((await api.list()).map(({ status }) => String(status)))
    expect([...statuses].toSorted()).toEqual(['active', 'expired', 'revoked', 'suspended'])
  })
})
