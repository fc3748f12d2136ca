import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AUDIENCE, ISSUER, NOW, openAccess } from '../../testing/open-access.ts'
import { createAccessVerifier } from '../access-verifier.ts'

async function open() {
  const messages: unknown[] = []
  const listener = (message: unknown) => void messages.push(message)
  subscribe('tessera:access', listener)
  onTestFinished(() => void unsubscribe('tessera:access', listener))
  const opened = await openAccess()
  const { jwt, token } = await opened.access.exchange(opened.secret)
  const names = { owner: 'acme', tokenId: opened.parent.id, accessTokenId: token.id }
  return { ...opened, jwt, names, messages }
}

const COMMON = { operation: 'verify', issuer: ISSUER }
const NOBODY = { owner: null, tokenId: null, accessTokenId: null }

describe('the uses of access tokens', () => {
  it('are counted and published where nobody checks the parent: only that process sees them', async () => {
    const { access, jwt, names, messages } = await open()
    const keys = access.keySet()
    const verifier = createAccessVerifier({
      issuer: ISSUER,
      audience: AUDIENCE,
      keys,
      parent: 'unchecked',
      now: () => NOW,
    })
    expect(verifier.stats()).toEqual({ accepted: 0, refused: {} })
    for (const text of [jwt, jwt, 'x', undefined]) await verifier.verify(text)
    expect(verifier.stats()).toEqual({ accepted: 2, refused: { malformed: 1, missing: 1 } })
    expect(messages).toEqual([
      { ...COMMON, parent: 'unchecked', outcome: 'accepted', reason: null, ...names },
      { ...COMMON, parent: 'unchecked', outcome: 'accepted', reason: null, ...names },
      { ...COMMON, parent: 'unchecked', outcome: 'refused', reason: 'malformed', ...NOBODY },
      { ...COMMON, parent: 'unchecked', outcome: 'refused', reason: 'missing', ...NOBODY },
    ])
    expect(JSON.stringify(messages)).not.toContain(jwt)
  })

  it('are counted where the parent is checked too, with the ones refused for their signature', async () => {
    const { access, tokens, jwt, parent, names, messages } = await open()
    await access.verify(jwt)
    await access.verify(jwt, { scopes: ['jobs:delete'] })
    await access.verify('eyJ')
    await tokens.revoke('acme', parent.id)
    await access.verify(jwt)
    expect(access.stats()).toEqual({ accepted: 1, refused: { insufficient_scope: 1, malformed: 1, revoked: 1 } })
    expect(messages).toEqual([
      { ...COMMON, parent: 'checked', outcome: 'accepted', reason: null, ...names },
      { ...COMMON, parent: 'checked', outcome: 'refused', reason: 'insufficient_scope', ...names },
      { ...COMMON, parent: 'checked', outcome: 'refused', reason: 'malformed', ...NOBODY },
      { ...COMMON, parent: 'checked', outcome: 'refused', reason: 'revoked', ...names },
    ])
  })

  it('are not counted where the store did not answer', async () => {
    const { access, weather, jwt } = await open()
    weather.error = new Error('ECONNREFUSED')
    await expect(access.verify(jwt)).rejects.toMatchObject({ name: 'StoreError' })
    expect(access.stats()).toEqual({ accepted: 0, refused: {} })
  })
})
