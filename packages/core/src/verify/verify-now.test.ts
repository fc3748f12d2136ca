import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { memoryStore } from '@tessera/memory-store'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cachingStore } from '../../testing/caching-store.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import { watchStore } from '../../testing/watched-store.ts'
import type { Diagnostics } from '../observe/diagnostics.ts'
import type { TokenEvent } from '../observe/token-event.ts'
import type { TokenStore } from '../store/store.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'
import { isLater } from '../token/verification.ts'
import type { MaybeLater, RefusalReason, Refused, Verification, VerifyOptions } from '../token/verification.ts'
import { createTokens } from '../create-tokens.ts'
import type { Tokens } from '../tokens.ts'

const OWNER = 'acme'
const MINUTE = 60_000
const DAY = 86_400_000
const SCOPES = ['jobs:read', 'jobs:*', 'runs:read']

/** A cache that has to be confirmed, but while it is fresh. */
function leasedStore(store: TokenStore, isFresh: () => boolean): TokenStore {
  const { cache, findByDigest, ...rest } = cachingStore(store)
  if (cache === undefined) throw new Error('there is no cache')
  return { ...rest, findByDigest, cache: { ...cache, confirm: async () => {}, isFresh } }
}

async function issueOne(store: TokenStore) {
  const tokens = createTokens({ store, prefix: 'ot_pat' })
  const issued = await tokens.issue({ owner: OWNER, name: 'ci', scopes: ['jobs:read'] })
  return { tokens, ...issued }
}

describe('verifyNow', () => {
  it('answers in the same turn for a token in memory, accepted or refused', async () => {
    const { tokens, token, secret } = await issueOne(memoryStore())
    expect(tokens.verifyNow(secret)).toMatchObject({ ok: true, token: { id: token.id } })
    expect(tokens.verifyNow(secret, { scopes: ['runs:read'] })).toEqual({ ok: false, reason: 'insufficient_scope' })
    await tokens.revoke(OWNER, token.id)
    expect(tokens.verifyNow(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('refuses in the same turn what cannot be a secret, whatever the store', async () => {
    const { tokens } = openTokens()
    expect(tokens.verifyNow(undefined)).toEqual({ ok: false, reason: 'missing' })
    expect(tokens.verifyNow('ot_pat_short')).toEqual({ ok: false, reason: 'malformed' })
  })

  it('gives a promise for a token that only the store knows, and for one whose use the store has to learn first', async () => {
    const { tokens, token, secret } = await issueOne(memoryStore())
    const successor = await tokens.rotate(OWNER, token.id)
    const used = tokens.verifyNow(successor.secret)
    expect(isLater(used)).toBe(true)
    expect(await used).toMatchObject({ ok: true, token: { id: successor.token.id } })
    expect(tokens.verifyNow(secret)).toEqual({ ok: false, reason: 'revoked' })
    const uncached = await issueOne(watchStore(memoryStore()).store)
    expect(isLater(uncached.tokens.verifyNow(uncached.secret))).toBe(true)
  })

  it('answers in the same turn from a cache to be confirmed only while that is fresh', async () => {
    let isFresh = false
    const { tokens, secret } = await issueOne(leasedStore(memoryStore(), () => isFresh))
    expect(await tokens.verifyNow(secret)).toMatchObject({ ok: true })
    expect(isLater(tokens.verifyNow(secret))).toBe(true)
    isFresh = true
    expect(tokens.verifyNow(secret)).toMatchObject({ ok: true })
  })

  it('throws in the same turn for a wrong option, under its own name', () => {
    const { tokens } = openTokens()
    expect(() => tokens.verifyNow('secret', { scope: 'jobs:read' } as never)).toThrow(
      /^verifyNow: unknown option "scope"/,
    )
    expect(() => tokens.verifyNow('secret', { scopes: undefined } as never)).toThrow(TypeError)
  })

  it('says for which verify it stands', () => {
    const { tokens } = openTokens()
    expect(tokens.verifyNow.answersFor).toBe(tokens.verify)
  })
})

const STORES: Readonly<Record<string, () => TokenStore>> = {
  'in memory': memoryStore,
  'in front of a store': () => cachingStore(memoryStore()),
  'to be confirmed, fresh every other time': () => {
    let asked = 0
    return leasedStore(memoryStore(), () => (asked += 1) % 2 === 0)
  },
  none: () => watchStore(memoryStore()).store,
}

/** What an app can see of a history of verifications. Secrets and previews are random. */
interface Seen {
  readonly answers: Verification[]
  readonly refused: (Refused & { readonly token: unknown })[]
  readonly events: unknown[]
  readonly messages: Diagnostics['verify'][]
  stats: unknown
  uses: unknown
}

type Verify = (tokens: Tokens, secret: string | undefined, options: VerifyOptions) => MaybeLater<Verification>
type Action = readonly [name: (typeof ACTIONS)[number], which: number, what: number]

const ACTIONS = [
  'verify',
  'verify',
  'verify',
  'issue',
  'rotate',
  'suspend',
  'resume',
  'revoke',
  'edit',
  'wait',
] as const
const history: fc.Arbitrary<readonly Action[]> = fc.array(fc.tuple(fc.constantFrom(...ACTIONS), fc.nat(5), fc.nat(7)), {
  minLength: 10,
  maxLength: 40,
})
const OPTIONS: readonly VerifyOptions[] = [
  ...[{}, { ip: '10.0.0.1' }, { ip: '192.0.2.1', context: { requestId: 'r-1' } }],
  ...[{ scopes: ['jobs:read'] }, { scopes: ['jobs:write', 'runs:read'] }, { anyScope: ['jobs:write', 'x'] }],
  ...[{ anyScope: [] }, { scopes: [], context: () => ({ ip: '10.0.0.2' }) }],
]

async function live(store: TokenStore, actions: readonly Action[], verify: Verify): Promise<Seen> {
  const clock = { now: NOW }
  const seen: Seen = { answers: [], refused: [], events: [], messages: [], stats: null, uses: null }
  const ids = numberedIds()
  const tokens = createTokens({
    ...{ store, prefix: 'ot_pat', ids, wildcards: true, activeLimit: null, now: () => clock.now },
    expiry: { slidingMs: DAY, maxMs: 30 * DAY },
    onEvent: (event: TokenEvent) => void seen.events.push({ ...event, preview: null }),
  })
  const secrets: { readonly id: string; readonly secret: string }[] = []
  const note = (message: unknown) => void seen.messages.push(message as Diagnostics['verify'])
  subscribe('tessera:verify', note)

  async function presented(which: number, what: number): Promise<void> {
    const known = secrets[which % secrets.length]?.secret
    const mistyped = known && `${known.slice(0, -1)}${known.endsWith('0') ? '1' : '0'}`
    const others = [undefined, mistyped, 'short', generateSecret('ot_pat', shardOf(OWNER))]
    const secret = what === 7 ? others[which % others.length] : known
    const onRefusal = ({ reason, token }: Refused) => void seen.refused.push({ reason, token: bare(token) as never })
    const answer = await verify(tokens, secret, { ...OPTIONS[what], onRefusal })
    seen.answers.push(answer.ok ? { ...answer, token: bare(answer.token) as never } : answer)
  }

  async function take([name, which, what]: Action): Promise<unknown> {
    const { id = '' } = secrets[which % secrets.length] ?? {}
    switch (name) {
      case 'verify':
        return presented(which, what)
      case 'issue': {
        const facts = what % 2 === 0 ? {} : { expiresAt: new Date(clock.now + what * MINUTE), networks: ['10.0.0.0/8'] }
        const scopes = SCOPES.slice(0, what % 4)
        return tokens.issue({ owner: OWNER, name: 'ci', scopes, ...facts }).then(keep)
      }
      case 'rotate':
        return tokens.rotate(OWNER, id, { overlapMs: what * MINUTE }).then(keep)
      case 'suspend':
      case 'resume':
      case 'revoke':
        return tokens[name](OWNER, id)
      case 'edit':
        return tokens.edit(OWNER, id, { scopes: SCOPES.slice(what % 4) })
      case 'wait':
        clock.now += what * what * MINUTE
        return undefined
    }
  }

  function keep({ secret, token }: { readonly secret: string; readonly token: { readonly id: string } }): void {
    secrets.push({ secret, id: token.id })
  }

  try {
    for (const action of [['issue', 0, 0] as const, ...actions]) await take(action).catch(() => 'not possible now')
    await tokens.close()
  } finally {
    unsubscribe('tessera:verify', note)
  }
  seen.stats = tokens.stats()
  const list = await tokens.list(OWNER, { window: 'all' })
  seen.uses = list.tokens.map(({ id, lastUsedAt, expiresAt, revokedAt }) => ({ id, lastUsedAt, expiresAt, revokedAt }))
  return seen
}

function numberedIds() {
  let count = 0
  return { generate: () => `token-${(count += 1)}`, matches: (id: string) => /^token-\d+$/.test(id) }
}

function bare(token: object | null): object | null {
  return token && { ...token, preview: null }
}

describe('verifyNow beside verify', () => {
  it.each(Object.entries(STORES))('answers, records and tells alike through any history, cache %s', async (_, open) => {
    const reasons = new Set<RefusalReason | 'accepted'>()
    await fc.assert(
      fc.asyncProperty(history, async (actions) => {
        const asVerify = await live(open(), actions, (tokens, ...asked) => tokens.verify(...asked))
        const asNow = await live(open(), actions, (tokens, ...asked) => tokens.verifyNow(...asked))
        expect(asNow).toEqual(asVerify)
        for (const answer of asNow.answers) reasons.add(answer.ok ? 'accepted' : answer.reason)
      }),
      { numRuns: 25 },
    )
    expect(reasons.size).toBeGreaterThan(5)
  })
})
