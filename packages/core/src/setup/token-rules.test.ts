import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { createTokens } from '../create-tokens.ts'

const store = memoryStore()

describe('rules', () => {
  it('are the options that say what may be issued, and the defaults of those left out', () => {
    expect(createTokens({ store, prefix: 'ot_pat' }).rules).toEqual({
      prefix: 'ot_pat',
      retiredPrefixes: [],
      scopes: null,
      wildcards: false,
      activeLimit: 25,
      expiry: {},
    })
    const scopes = ['jobs:*', 'jobs:read'] as const
    const expiry = { defaultMs: 60_000, maxMs: 120_000, slidingMs: 120_000, required: true }
    const options = { prefix: 'ot_pat', retiredPrefixes: ['ot'], scopes, wildcards: true, activeLimit: null, expiry }
    expect(createTokens({ store, ...options }).rules).toEqual(options)
  })

  it('have the catalogue in its type, in its order, each scope once', () => {
    const { rules } = createTokens({ store, prefix: 'ot_pat', scopes: ['jobs:write', 'jobs:read', 'jobs:write'] })
    const scopes: readonly ('jobs:read' | 'jobs:write')[] | null = rules.scopes
    expect(scopes).toEqual(['jobs:write', 'jobs:read'])
  })

  it('hold nothing else, and nothing secret: they are plain data', () => {
    const { rules } = createTokens({ store, prefix: 'ot_pat', pepper: 'a pepper of more than 32 characters' })
    expect(Object.keys(JSON.parse(JSON.stringify(rules)) as object)).toEqual([
      ...['prefix', 'retiredPrefixes', 'scopes', 'wildcards', 'activeLimit', 'expiry'],
    ])
  })

  it('change with nobody: neither by whoever reads them, nor with the options', () => {
    const options = { retiredPrefixes: ['ot'], scopes: ['jobs:read'], expiry: { maxMs: 60_000 } }
    const { rules } = createTokens({ store, prefix: 'ot_pat', ...options })
    options.scopes.push('jobs:write')
    options.retiredPrefixes.push('old')
    options.expiry.maxMs = 1
    expect(rules).toMatchObject({ retiredPrefixes: ['ot'], scopes: ['jobs:read'], expiry: { maxMs: 60_000 } })
    for (const frozen of [rules, rules.retiredPrefixes, rules.scopes, rules.expiry])
      expect(Object.isFrozen(frozen)).toBe(true)
  })
})
