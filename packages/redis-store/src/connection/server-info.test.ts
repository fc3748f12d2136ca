import { describe, expect, it } from 'vitest'
import { readInfo, whyRefused } from './server-info.ts'
import type { ServerInfo } from './server-info.ts'

const REPLID = 'b8e2'.repeat(10)

function info(facts: Readonly<Record<string, string>> = {}): ServerInfo {
  const all = {
    redis_version: '7.0.15',
    role: 'master',
    maxmemory_policy: 'noeviction',
    master_replid: REPLID,
    ...facts,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}:${value}`)
  return readInfo(Buffer.from(['# Server', ...lines, ''].join('\r\n')))
}

function replicas(...states: readonly string[]): Record<string, string> {
  const lines = states.map((state, number) => [
    `slave${number}`,
    `ip=10.0.0.${number},port=1,state=${state},offset=9,lag=0`,
  ])
  return Object.fromEntries(lines)
}

describe('readInfo', () => {
  it('counts the replicas that have caught up', () => {
    expect(info(replicas('online', 'wait_bgsave', 'online')).replicas).toBe(2)
    expect(info().replicas).toBe(0)
  })

  it('names the history of the writes', () => {
    expect(info().history).toBe(REPLID)
  })

  it.each([null, 'OK', Buffer.from('QUEUED'), Buffer.from(`role:master\r\nmaster_replid:?\r\n`)])(
    'reads no other reply: %j',
    (reply) => {
      expect(() => readInfo(reply)).toThrow('Redis did not answer with')
    },
  )
})

describe('whyRefused', () => {
  it.each(['7.0.0', '7.2.4', '8.2.1', '10.0.0'])('relies on Redis %s', (version) => {
    expect(whyRefused(info({ redis_version: version }), 0)).toBeNull()
  })

  it.each(['6.2.14', '2.8.0', ''])('refuses Redis %j and says which to upgrade to', (version) => {
    expect(whyRefused(info({ redis_version: version }), 0)).toMatch(/upgrade it to 7\.0 or later$/)
  })

  it('refuses a replica', () => {
    expect(whyRefused(info({ role: 'slave' }), 0)).toMatch(/connect to its primary$/)
  })

  it.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])('refuses %s, which drops tokens', (policy) => {
    expect(whyRefused(info({ maxmemory_policy: policy }), 0)).toContain(`${policy}, which drops tokens`)
  })

  it.each(['noeviction', 'volatile-lru', 'volatile-ttl'])('relies on %s, as no key has a time to live', (policy) => {
    expect(whyRefused(info({ maxmemory_policy: policy }), 0)).toBeNull()
  })

  it.each([
    [0, 5, null],
    [1, 1, null],
    [1, 2, null],
    [1, 3, 2],
    [2, 4, null],
    [2, 5, 3],
  ])('with minReplicas %i on %i replicas asks for %s', (minReplicas, count, right) => {
    const why = whyRefused(info(replicas(...Array.from({ length: count }, () => 'online'))), minReplicas)
    expect(why?.match(/minReplicas to (\d+)/)?.[1] ?? null).toBe(right === null ? null : String(right))
  })
})
