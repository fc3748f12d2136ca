import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../testing/arbitraries.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import { digestSecret } from '../token/secret/digest.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'
import type { RefusalReason } from '../token/verification.ts'
import type { Explanation } from './explain-secret.ts'
import type { Check } from './token-checks.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }
const WRONG_CHARACTER = 'shape: holds a character that is not one of 0-9A-Za-z'
const LATER = new Date(NOW + 1000)

async function issueOne() {
  const opened = openTokens()
  const { secret, token } = await opened.tokens.issue({ ...REQUEST, expiresAt: LATER })
  opened.watched.calls.length = 0
  return { ...opened, secret, token }
}

const found = (...rest: Check[]) => [
  { check: 'shape', passed: true, detail: 'as it is issued' },
  { check: 'checksum', passed: true, detail: 'right' },
  ...rest,
]

function failures({ checks }: Explanation): string[] {
  return checks.filter(({ passed }) => !passed).map(({ check, detail }) => `${check}: ${detail}`)
}

describe('explainSecret', () => {
  it('shows of an accepted token all that was checked, and whose it is', async () => {
    const { tokens, watched, secret, token } = await issueOne()
    const { id, owner, preview, status } = token
    expect(await tokens.explain(secret, { scopes: ['jobs:read'] })).toEqual({
      accepted: true,
      checks: found(
        { check: 'found', passed: true, detail: `token ${id} of acme` },
        { check: 'revocation', passed: true, detail: 'not revoked' },
        { check: 'expiry', passed: true, detail: `expires at ${LATER.toISOString()}` },
        { check: 'suspension', passed: true, detail: 'not suspended' },
        { check: 'network', passed: true, detail: 'may be used from anywhere' },
        { check: 'scopes', passed: true, detail: 'holds what is required' },
      ),
      token: { id, owner, preview, status, revokedReason: null, endedWith: [] },
    })
    expect(watched.calls).toEqual([{ method: 'findByDigest', args: [[digestSecret(secret)], shardOf('acme')] }])
  })

  it('shows everything that is wrong with a token, not only the first', async () => {
    const { tokens, clock, secret, token } = await issueOne()
    await tokens.suspend('acme', token.id)
    await tokens.revoke('acme', token.id)
    clock.now = LATER.getTime()
    const explanation = await tokens.explain(secret, { scopes: ['jobs:read', 'a', 'b'], anyScope: ['c', 'd'] })
    const at = new Date(NOW).toISOString()
    expect(explanation).toMatchObject({ accepted: false, token: { id: token.id, status: 'revoked' } })
    expect(failures(explanation)).toEqual([
      `revocation: revoked at ${at}`,
      `expiry: expired at ${LATER.toISOString()}`,
      `suspension: suspended at ${at}`,
      'scopes: lacks a, b; holds none of [c, d]',
    ])
  })

  it('shows where a token may be used from, and repeats no address that is none', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue({ ...REQUEST, networks: ['192.0.2.0/24', '2001:db8::/32'] })
    const networkOf = async (ip?: string) => {
      const { checks } = await tokens.explain(secret, { ip })
      return checks.find(({ check }) => check === 'network')
    }
    const rest = 'may be used from 192.0.2.0/24, 2001:db8::/32'
    expect(await networkOf('192.0.2.7')).toMatchObject({ passed: true, detail: `used from 192.0.2.7, ${rest}` })
    expect(await networkOf('10.0.0.1')).toMatchObject({ passed: false, detail: `used from 10.0.0.1, ${rest}` })
    expect(await networkOf(secret)).toMatchObject({ passed: false, detail: `used from no address, ${rest}` })
    expect(await networkOf()).toMatchObject({ passed: false, detail: `used from no address, ${rest}` })
  })

  it.each<[string, (secret: string) => string | undefined, string]>([
    ['nothing', () => undefined, 'shape: nothing was presented'],
    ['a cut secret', (secret) => secret.slice(0, -1), 'shape: 54 characters long instead of 55'],
    ['another prefix', (secret) => `x${secret.slice(1)}`, 'shape: does not start with ot_pat_'],
    ['a space', (secret) => `${secret.slice(0, 20)} ${secret.slice(21)}`, WRONG_CHARACTER],
    ['an unused shard', () => generateSecret('ot_pat', 'zz'), 'shape: names a partition that there is not'],
    ['a mistyped secret', mistyped, 'checksum: mistyped, cut or made up'],
  ])('stops at what cannot be one, without a store call: %s', async (_, presented, failure) => {
    const { tokens, watched, secret } = await issueOne()
    const explanation = await tokens.explain(presented(secret))
    expect(explanation).toMatchObject({ accepted: false, token: null })
    expect(failures(explanation)).toEqual([failure])
    expect(explanation.checks.at(-1)?.passed).toBe(false)
    expect(watched.calls).toEqual([])
  })

  it.each<[string, string, string | null]>([
    ['a retired prefix', generateSecret('old', shardOf('acme')), null],
    ['another prefix', generateSecret('tok_live', shardOf('acme')), '57 characters long instead of 55 or 52'],
    ['another prefix, as long', generateSecret('ot_pax', shardOf('acme')), 'does not start with ot_pat_ or old_'],
    ['a cut one', generateSecret('old', shardOf('acme')).slice(0, -1), '51 characters long instead of 52'],
  ])('compares a secret with those of retired prefixes too: %s', async (_, secret, fault) => {
    const { tokens } = openTokens({ retiredPrefixes: ['old'] })
    const [shape] = (await tokens.explain(secret)).checks
    expect(shape).toEqual({ check: 'shape', passed: fault === null, detail: fault ?? 'as it is issued' })
  })

  it('stops where there is no such token', async () => {
    const { tokens } = await issueOne()
    const explanation = await tokens.explain(generateSecret('ot_pat', shardOf('acme')))
    expect(explanation).toEqual({
      accepted: false,
      checks: found({ check: 'found', passed: false, detail: 'never issued here, or pruned since' }),
      token: null,
    })
  })

  it('is no use, no verification and no event, and moves no digest', async () => {
    const { watched, secret, token } = await issueOne()
    const published: unknown[] = []
    const pepper = { current: 'p'.repeat(32), retired: [null] }
    const { tokens } = openTokens({ store: watched.store, pepper, onEvent: (event) => published.push(event) })
    expect(await tokens.explain(secret)).toMatchObject({ accepted: true })
    await tokens.explain('x')
    await tokens.close()
    expect(await tokens.get('acme', token.id)).toMatchObject({ lastUsedAt: null })
    expect(tokens.stats()).toMatchObject({ accepted: 0, refused: { malformed: 0 } })
    expect(published).toEqual([])
    expect(watched.calls.map(({ method }) => method)).toEqual(['findByDigest', 'find'])
  })

  it('rejects when the store does', async () => {
    const { tokens, watched, secret } = await issueOne()
    watched.failure = new Error('down')
    await expect(tokens.explain(secret)).rejects.toMatchObject({ name: 'StoreError', cause: watched.failure })
  })
})

function mistyped(secret: string): string {
  return secret.slice(0, 20) + (secret[20] === 'a' ? 'b' : 'a') + secret.slice(21)
}

describe('explainSecret and verifyToken', () => {
  const CHECK_OF: Record<RefusalReason, Check['check'][]> = {
    missing: ['shape'],
    malformed: ['shape', 'checksum'],
    unknown: ['found'],
    revoked: ['revocation'],
    expired: ['expiry'],
    suspended: ['suspension'],
    network_not_allowed: ['network'],
    insufficient_scope: ['scopes'],
  }
  const scopes = fc.subarray(['jobs:read', 'jobs:write', 'jobs:*', 'tokens:read'])
  const networks = fc.constantFrom(null, ['192.0.2.0/24'])
  const states = fc.record({ revoked: fc.boolean(), expired: fc.boolean(), suspended: fc.boolean(), scopes, networks })
  const requirements = fc.record(
    { scopes, anyScope: scopes, ip: fc.constantFrom('192.0.2.7', '10.0.0.1') },
    { requiredKeys: [] },
  )
  const presentations = fc.oneof(
    { weight: 6, arbitrary: fc.constant((secret: string): string | undefined => secret) },
    fc.constant(mistyped),
    fc.constant(() => undefined),
    fc.constant(() => generateSecret('ot_pat', shardOf('acme'))),
    fc.constantFrom('zz', '00', 'GW').map((shard) => () => generateSecret('ot_pat', shard)),
    anyText(60).map((text) => () => text),
    fc.tuple(fc.nat(54), anyText(1)).map(([at, text]) => (secret: string) => {
      return secret.slice(0, at) + text + secret.slice(at + 1)
    }),
  )

  it('agree, for any secret of a token in any state and any requirements', async () => {
    await fc.assert(
      fc.asyncProperty(states, requirements, presentations, fc.boolean(), async (state, asked, present, wildcards) => {
        const { tokens, clock } = openTokens({ wildcards })
        const granted = wildcards ? state.scopes : state.scopes.filter((scope) => scope !== 'jobs:*')
        const issued = await tokens.issue({ ...REQUEST, scopes: granted, networks: state.networks, expiresAt: LATER })
        if (state.suspended) await tokens.suspend('acme', issued.token.id)
        if (state.revoked) await tokens.revoke('acme', issued.token.id)
        if (state.expired) clock.now = LATER.getTime()
        const presented = present(issued.secret)

        const explanation = await tokens.explain(presented, asked)
        const verification = await tokens.verify(presented, asked)
        const first = explanation.checks.find(({ passed }) => !passed)?.check
        expect(explanation.accepted).toBe(verification.ok)
        if (verification.ok) expect(first).toBeUndefined()
        else expect(CHECK_OF[verification.reason]).toContain(first)
        expect(JSON.stringify(explanation)).not.toContain(issued.secret)
      }),
      { numRuns: 300 },
    )
  })
})
