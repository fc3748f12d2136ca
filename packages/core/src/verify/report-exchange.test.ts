import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it, onTestFinished } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { TokenEvent } from '../observe/token-event.ts'

const UNKNOWN = { ip: null, requestId: null }
const DERIVATION = { accessTokenId: 'jti', scopes: ['jobs:read'], audience: 'jobs', until: new Date(NOW + 5_000) }

describe('reportExchange', () => {
  it('has the hook hear who got what from which token, and until when', async () => {
    const events: TokenEvent[] = []
    const { tokens } = openTokens({ onEvent: (event) => void events.push(event) })
    const { token } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: ['jobs:read', 'jobs:write'] })
    tokens.reportExchange(token, { ...DERIVATION, by: 'ada' })
    tokens.reportExchange(token, DERIVATION)
    await tokens.close()
    const about = { at: new Date(NOW), owner: 'acme', tokenId: token.id, preview: token.preview }
    expect(events.slice(1)).toEqual([
      { type: 'exchanged', ...about, ...DERIVATION, by: 'ada', byToken: token.id, ...UNKNOWN },
      { type: 'exchanged', ...about, ...DERIVATION, by: null, byToken: token.id, ...UNKNOWN },
    ])
  })

  it('is an event on the channel without a hook as well', async () => {
    const messages: unknown[] = []
    const listener = (message: unknown) => void messages.push(message)
    subscribe('tessera:event', listener)
    onTestFinished(() => void unsubscribe('tessera:event', listener))
    const { tokens } = openTokens()
    const { token } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: [] })
    tokens.reportExchange(token, DERIVATION)
    await tokens.close()
    const event: unknown = expect.objectContaining({ tokenId: token.id, accessTokenId: 'jti' })
    expect(messages.slice(1)).toEqual([{ operation: 'exchanged', prefix: 'ot_pat', event }])
  })
})
