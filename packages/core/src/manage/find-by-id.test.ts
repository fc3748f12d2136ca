import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { openTokens } from '../../testing/open-tokens.ts'

const CI = { name: 'CI', scopes: ['a'] }

describe('findById', () => {
  it('finds a token without its owner, as get does with it', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue({ owner: 'acme', ...CI })
    await tokens.issue({ owner: 'globex', ...CI })
    await tokens.suspend('acme', token.id)
    const found = await tokens.findById(token.id)
    expect(found).toMatchObject({ owner: 'acme', status: 'suspended' })
    expect(found).toEqual(await tokens.get('acme', token.id))
  })

  it('answers null for an unknown id, and asks no store for what is none', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue({ owner: 'acme', ...CI })
    await expect(tokens.findById('3f0f9a34-7a0e-4a55-8b0a-0f1d6d1f7c11')).resolves.toBeNull()
    const calls = watched.calls.length
    await expect(tokens.findById(secret)).resolves.toBeNull()
    expect(watched.calls).toHaveLength(calls)
  })

  it("passes over another API's token", async () => {
    const store = memoryStore()
    const [own, other] = [openTokens({ store }), openTokens({ store, prefix: 'other' })]
    const { token } = await other.tokens.issue({ owner: 'acme', ...CI })
    await expect(own.tokens.findById(token.id)).resolves.toBeNull()
    await expect(other.tokens.findById(token.id)).resolves.toEqual(token)
  })
})
