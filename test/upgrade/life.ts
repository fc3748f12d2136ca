import { createTokens } from '@tessera/core'
import type { Token, TokenStore, Tokens } from '@tessera/core'

/** What a release left behind: the secrets that it gave out, and the tokens as it showed them a day later. */
export interface Left {
  readonly secrets: Readonly<Record<string, string>>
  readonly tokens: readonly Token[]
}

const OWNER = 'acme'
const HOUR_MS = 3_600_000
const BEGUN = Date.UTC(2026, 11, 1)
const PEPPER = 'the pepper of a test, known to everybody'

function openTokens(store: TokenStore, clock: { now: number }): Tokens {
  return createTokens({ store, prefix: 'up_pat', pepper: PEPPER, now: () => clock.now })
}

/** A token of each kind and status. */
export async function writeLife(store: TokenStore): Promise<Left> {
  const clock = { now: BEGUN }
  const tokens = openTokens(store, clock)
  const secrets: Record<string, string> = {}
  async function issue(name: string, facts: object = {}): Promise<string> {
    clock.now += 1000
    const { token, secret } = await tokens.issue({ owner: OWNER, name, scopes: ['jobs:read', 'jobs:write'], ...facts })
    secrets[name] = secret
    return token.id
  }

  const plain = await issue('plain')
  const facts = { attributes: { team: 'build' }, networks: ['10.0.0.0/8'], createdBy: 'ada@example.com' }
  await issue('full', { ...facts, expiresAt: new Date('2300-01-01T00:00:00Z') })
  await issue('made', { actor: { id: plain }, idempotencyKey: 'a-change' })
  await issue('ends', { expiresAt: new Date(BEGUN + HOUR_MS) })
  await tokens.suspend(OWNER, await issue('suspended'))
  await tokens.revoke(OWNER, await issue('revoked'), { reason: 'leaked', by: 'ada@example.com' })
  await tokens.edit(OWNER, await issue('before'), { name: 'edited' })
  await issue('rotated')
  const rotated = await tokens.rotateSecret(secrets['rotated'] ?? '', { overlapMs: 30 * 24 * HOUR_MS })
  secrets['successor'] = rotated?.secret ?? ''
  await tokens.verify(secrets['plain'])
  await tokens.close()

  clock.now = BEGUN + 24 * HOUR_MS
  return { secrets, tokens: await tokensOf(openTokens(store, clock)) }
}

/** What a later release makes of it, a day later: who is accepted, what is shown, and whether it can still be changed. */
export async function readLife(store: TokenStore, { secrets }: Left): Promise<Record<string, unknown>> {
  const tokens = openTokens(store, { now: BEGUN + 24 * HOUR_MS })
  const shown = await tokensOf(tokens)
  const accepted: Record<string, string> = {}
  for (const [name, secret] of Object.entries(secrets)) {
    if (name === 'successor') continue
    const verification = await tokens.verify(secret, { scopes: ['jobs:read'], ip: '10.1.2.3' })
    accepted[name] = verification.ok ? 'accepted' : verification.reason
  }
  const again = await tokens.rotateSecret(secrets['rotated'] ?? '')
  const successor = await tokens.verify(secrets['successor'])
  const idOf = (name: string) => shown.find((token) => token.name === name)?.id ?? ''
  const resumed = await tokens.resume(OWNER, idOf('suspended'))
  const next = await tokens.rotateSecret(secrets['plain'] ?? '')
  const renamed = await tokens.edit(OWNER, idOf('full'), { name: 'renamed' })
  const { revoked } = await tokens.revokeAll(OWNER, {})
  await tokens.close()
  return {
    shown,
    accepted,
    rotatedAgain: again?.secret === secrets['successor'],
    successor: successor.ok,
    changes: [resumed.token.status, next?.token.name, renamed.token.name, revoked],
  }
}

async function tokensOf(tokens: Tokens): Promise<readonly Token[]> {
  const { tokens: shown } = await tokens.list(OWNER)
  return shown
}
