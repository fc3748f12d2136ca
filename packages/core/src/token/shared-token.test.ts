import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import { sharedToken } from './shared-token.ts'
import type { Token } from './token.ts'

async function issued(): Promise<Token> {
  const facts = {
    owner: 'acme',
    name: 'ci',
    scopes: ['jobs:read'],
    attributes: { team: 'a' },
    networks: ['192.0.2.0/24'],
  }
  const { token } = await openTokens().tokens.issue({ ...facts, expiresAt: new Date(NOW + 1) })
  return token
}

describe('sharedToken', () => {
  it('equals the token, also copied, in JSON and in a log', async () => {
    const token = await issued()
    const shared = sharedToken(token)
    expect(shared).toStrictEqual(token)
    expect({ ...shared }).toStrictEqual(token)
    expect(structuredClone(shared)).toStrictEqual(token)
    expect(JSON.stringify(shared)).toBe(JSON.stringify(token))
    expect(inspect(shared)).toBe(inspect(token))
  })

  it('stays as it is, whatever is done to its parts', async () => {
    const token = await issued()
    const shared = sharedToken(token)
    token.createdAt.setTime(0)
    shared.createdAt.setTime(0)
    shared.expiresAt?.setTime(0)
    for (const part of [shared, shared.scopes, shared.attributes, shared.networks])
      expect(part).toSatisfy(Object.isFrozen)
    expect(shared).toMatchObject({ createdAt: new Date(NOW), expiresAt: new Date(NOW + 1), lastUsedAt: null })
  })

  it('gives a copy an instant of its own', async () => {
    const shared = sharedToken(await issued())
    const copy = { ...shared }
    copy.createdAt.setTime(0)
    expect(copy.createdAt).toEqual(new Date(0))
    expect(shared.createdAt).toEqual(new Date(NOW))
  })
})
