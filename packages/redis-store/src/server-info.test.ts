import { describe, expect, it } from 'vitest'
import { historyOf, whyRefused } from './server-info.ts'

function info(facts: Readonly<Record<string, string>> = {}): string {
  const all = { redis_version: '7.0.15', role: 'master', maxmemory_policy: 'noeviction', ...facts }
  const lines = Object.entries(all).map(([name, value]) => `${name}:${value}`)
  return ['# Server', ...lines, ''].join('\r\n')
}

describe('whyRefused', () => {
  it.each(['7.0.0', '7.2.4', '8.2.1', '10.0.0'])('relies on Redis %s', (version) => {
    expect(whyRefused(info({ redis_version: version }))).toBeNull()
  })

  it.each(['6.2.14', '2.8.0', ''])('refuses Redis %j and says which to upgrade to', (version) => {
    expect(whyRefused(info({ redis_version: version }))).toMatch(/upgrade it to 7\.0 or later$/)
  })

  it('refuses a replica', () => {
    expect(whyRefused(info({ role: 'slave' }))).toMatch(/connect to its primary$/)
  })

  it.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])('refuses %s, which drops tokens', (policy) => {
    expect(whyRefused(info({ maxmemory_policy: policy }))).toContain(`${policy}, which drops tokens`)
  })

  it.each(['noeviction', 'volatile-lru', 'volatile-ttl'])('relies on %s, as no key has a time to live', (policy) => {
    expect(whyRefused(info({ maxmemory_policy: policy }))).toBeNull()
  })
})

describe('historyOf', () => {
  const [one, two] = [info({ master_replid: 'a'.repeat(40) }), info({ master_replid: 'b'.repeat(40) })]

  it('is the same for the same servers, in whatever order they are', () => {
    expect(historyOf([one, two])).toMatch(/^[\w-]{12}$/)
    expect(historyOf([two, one])).toBe(historyOf([one, two]))
  })

  it('is another one for each history, and where one is missing', () => {
    const names = [[one, two], [one], [two], [info()]].map(historyOf)
    expect(new Set(names).size).toBe(names.length)
  })
})
