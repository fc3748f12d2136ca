import type { Redis } from 'ioredis'
import type { IssuedTokens } from '../in-process/issued-tokens.ts'
import { trafficOf } from './traffic.ts'

/** The commands that Redis carries out for a verb, in one script and with nothing else in it. */
export interface BareScripts {
  issue(): Promise<unknown>
  /** Takes what an `issue` made, once. */
  revoke(): Promise<unknown>
}

const ISSUE = `
redis.call('TIME')
redis.call('HGET', KEYS[2], ARGV[1])
redis.call('ZCOUNT', KEYS[3], ARGV[2], '+inf')
redis.call('SET', KEYS[4], ARGV[3], 'NX')
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[5])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[6])
redis.call('ZADD', KEYS[3], '+inf', ARGV[1])
return 'OK'
`

const REVOKE = `
redis.call('HGET', KEYS[1], ARGV[1])
redis.call('GET', KEYS[3])
redis.call('HGET', KEYS[1], ARGV[1])
redis.call('GET', KEYS[3])
redis.call('GET', KEYS[4])
redis.call('GET', KEYS[6])
redis.call('XADD', KEYS[5], 'MAXLEN', '2001', ARGV[2], 'd', ARGV[3])
redis.call('SET', KEYS[4], ARGV[2])
redis.call('SET', KEYS[3], ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
return 'OK'
`

const FEED = ['bare:revision:{feed}', 'bare:changes:{feed}', 'bare:lease:{feed}']
const SCOPES = ['jobs:read', 'runs:read', 'runs:write']

/** Keys, values and digests have the lengths of the store's own, and ten tokens belong to an owner. */
export async function bareScripts(client: Redis, recordLength: number): Promise<BareScripts> {
  const [issueSha, revokeSha] = (await Promise.all([
    client.script('LOAD', ISSUE),
    client.script('LOAD', REVOKE),
  ])) as string[]
  const record = 'r'.repeat(recordLength)
  const revoked = 'r'.repeat(recordLength + '\t\t\t\t\trequested'.length + 2 * 'mwzx2u2q'.length)
  const waiting: number[] = []
  let issued = 0
  let changes = 0

  function namesOf(number: number): { readonly owner: string; readonly hash: string; readonly digest: string } {
    const text = String(number)
    return { owner: `issuer-${text.slice(0, -1)}`, hash: text.padStart(12, '0'), digest: text.padStart(32, '0') }
  }

  return {
    issue() {
      const number = (issued += 1)
      waiting.push(number)
      const { owner, hash, digest } = namesOf(number)
      const keys = [`bare:c:{4n}:ot_pat:${owner}`, `bare:d:{4n}:${owner}`, `bare:e:{4n}:ot_pat:${owner}`]
      const now = Date.now()
      const args = [hash, `(${now}`, record, now, digest.padStart(36, '0'), digest]
      return client.evalsha(issueSha ?? '', 4, ...keys, `bare:{4n}${digest}`, ...args)
    },
    revoke() {
      const number = waiting.pop()
      if (number === undefined) throw new Error('there is nothing left to revoke')
      const { owner, hash, digest } = namesOf(number)
      const keys = [`bare:d:{4n}:${owner}`, `bare:e:{4n}:ot_pat:${owner}`, `bare:{4n}${digest}`, ...FEED]
      const args = [hash, `${(changes += 1)}-74337566157026`, digest.padStart(43, '0'), revoked, -Date.now()]
      return client.evalsha(revokeSha ?? '', 6, ...keys, ...args)
    },
  }
}

/** Fails unless the server counts the same commands inside the scripts of the store and inside the bare ones. */
export async function checkSameCommands(client: Redis, bare: BareScripts, { tokens }: IssuedTokens): Promise<void> {
  const issue = () => tokens.issue({ owner: 'compared', name: 'ci-deploy', scopes: SCOPES })
  const { token } = await issue()
  await tokens.revoke('compared', (await issue()).token.id)
  const revoke = () => tokens.revoke('compared', token.id)
  const pairs = { issue: [issue, bare.issue], revoke: [revoke, bare.revoke] } as const
  for (const [verb, works] of Object.entries(pairs)) {
    const [own, others] = [await commandsOf(client, works[0]), await commandsOf(client, works[1])]
    if (own !== others) throw new Error(`the bare script of ${verb} runs ${others}, and the store ${own}`)
  }
}

async function commandsOf(client: Redis, work: () => Promise<unknown>): Promise<string> {
  const { inScripts } = await trafficOf(client, work)
  return JSON.stringify(Object.fromEntries(Object.entries(inScripts).sort(([one], [other]) => (one < other ? -1 : 1))))
}
